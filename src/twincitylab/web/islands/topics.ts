// Topics are suggested while the sentence is written; without scripts the button asks for the same.
const PAUSE = 500; // milliseconds of rest before asking
const button = document.querySelector<HTMLButtonElement>("button[data-suggest-from]");
const sentence = button?.form?.elements.namedItem(button.dataset["suggestFrom"] ?? "");

if (button?.form && sentence instanceof HTMLInputElement) {
  let timer = 0;
  sentence.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void suggest(button, button.form as HTMLFormElement), PAUSE);
  });
}

async function suggest(button: HTMLButtonElement, form: HTMLFormElement): Promise<void> {
  const body = new FormData(form);
  body.set("step", "suggest");
  const response = await fetch(location.pathname, { method: "POST", body }).catch(() => undefined);
  if (!response?.ok) return; // the button stays
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-suggested]");
  if (!fresh) return;
  for (const box of fresh.querySelectorAll<HTMLInputElement>("input")) {
    // The box that stands on the page goes up, ticked or not, so that it stands there once.
    const own = form.querySelector<HTMLInputElement>(`input[name="${box.name}"][value="${CSS.escape(box.value)}"]`);
    const label = own?.closest("label");
    if (label) box.closest("label")?.replaceWith(label);
  }
  const shown = form.querySelector("[data-suggested]");
  for (const label of shown?.querySelectorAll("label") ?? []) fresh.querySelector(".ticks")?.append(label);
  shown?.remove();
  button.before(fresh);
}
