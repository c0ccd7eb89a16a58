// Says so on the page when a passkey did not work; the scripts of allauth would only tell the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.getElementById("passkey-problem");
  if (note) {
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
  }
});
