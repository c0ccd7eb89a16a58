// The pair page: its print button, which is there only where it works.

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    window.print();
  });
}
