// The matches page: sliders and filters show their effect at once, and the progress of the fair lists is followed.

import { offerPrinting } from "./print";

const PAUSE = 350;
const POLL = 3000;

const form = document.querySelector<HTMLFormElement>("form[data-live]");
let request: AbortController | undefined;
let timer = 0;

function tidyAddress(source: HTMLFormElement): URL {
  const address = new URL(source.action);
  for (const [name, value] of new FormData(source)) {
    if (typeof value === "string" && value !== "") address.searchParams.append(name, value);
  }
  return address;
}

async function refresh(address: URL): Promise<void> {
  request?.abort();
  request = new AbortController();
  const results = document.getElementById("results");
  results?.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal: request.signal });
    if (!response.ok) {
      location.assign(address); // the page of the server says what is wrong
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("results");
    if (fresh && results) results.replaceWith(fresh);
    offerPrinting(); // the fresh list has a button of its own
    const status = document.getElementById("results-status");
    if (status) status.textContent = page.getElementById("results-status")?.textContent ?? "";
    history.replaceState(null, "", address);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) location.assign(address);
  }
}

function showValue(slider: HTMLInputElement): void {
  const output = slider.parentElement?.querySelector("output");
  if (output) output.value = Number(slider.value).toLocaleString(document.documentElement.lang);
}

if (form) {
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.type === "range") showValue(field);
  });
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "compare") return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (form.checkValidity()) void refresh(tidyAddress(form));
    }, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(tidyAddress(form));
  });
}

// While lists for everyone are being made, show how far they are and fetch the list once they are there.
function follow(): void {
  const bar = document.querySelector<HTMLProgressElement>("progress[data-follow]");
  if (!bar) return;
  window.setTimeout(async () => {
    const response = await fetch(bar.dataset["follow"] ?? "").catch(() => undefined);
    if (response?.ok) {
      const state = (await response.json()) as { percent: number; is_ready: boolean; sentence: string };
      bar.value = state.percent;
      const words = bar.parentElement?.querySelector("[data-sentence]");
      if (words) words.textContent = state.sentence;
      if (state.is_ready) {
        await refresh(new URL(location.href));
        return;
      }
    }
    follow();
  }, POLL);
}
follow();
offerPrinting();
