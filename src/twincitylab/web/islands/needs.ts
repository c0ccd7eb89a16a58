// While a need or an offer is written: topics that the text speaks of, the language it is in, and how many communities
// have what answers it.

interface Topic {
  value: string;
  label: string;
}
interface Answer {
  topics: Topic[];
  topic: string;
  language: string;
  sentence: string;
}

const PAUSE = 350; // milliseconds of rest before asking

class Writing {
  private readonly source: string;
  private readonly buttons: HTMLElement;
  private readonly sentence: HTMLElement;
  private readonly list: HTMLSelectElement;
  private readonly language: HTMLSelectElement;
  private readonly preset: HTMLInputElement;
  private isChosen: boolean;
  private timer = 0;
  private request: AbortController | undefined;

  constructor(private readonly form: HTMLFormElement) {
    this.source = form.dataset["answers"] ?? "";
    this.buttons = form.querySelector("[data-suggestions]") as HTMLElement;
    this.sentence = form.querySelector("[data-sentence]") as HTMLElement;
    this.list = form.elements.namedItem("topic") as HTMLSelectElement;
    this.language = form.elements.namedItem("language") as HTMLSelectElement;
    this.preset = form.elements.namedItem("language_preset") as HTMLInputElement;
    // A topic that stands there with a need written before was chosen by somebody.
    this.isChosen = (form.elements.namedItem("revision") as HTMLInputElement | null)?.value !== "" && this.topic() !== "";
    form.querySelectorAll("[data-check], [data-hint]").forEach((element) => element.remove());
    form.addEventListener("input", (event) => this.changed(event.target as HTMLElement));
    if (this.text() !== "") this.later();
  }

  private text(): string {
    return (this.form.elements.namedItem("text") as HTMLTextAreaElement).value;
  }

  private topic(): string {
    const marked = this.buttons.querySelector<HTMLInputElement>("input:checked");
    return this.list.value || marked?.value || "";
  }

  private changed(target: HTMLElement): void {
    const name = target.getAttribute("name");
    if (name === "topic") {
      this.isChosen = this.list.value !== "";
      if (this.isChosen) this.mark("");
    } else if (name === "suggested") {
      this.isChosen = true;
      this.list.value = "";
    } else if (name === "language") {
      this.preset.value = ""; // chosen by somebody: never guessed again, here or when it is sent
    }
    this.later();
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.request?.abort();
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    const request = new AbortController();
    this.request = request;
    const body = new FormData(this.form);
    body.set("topic", this.isChosen ? this.topic() : "");
    try {
      const response = await fetch(this.source, { method: "POST", body, signal: request.signal });
      if (response.ok) this.show((await response.json()) as Answer);
    } catch (error) {
      if (!request.signal.aborted) console.warn(error); // the form still works
    }
  }

  private show(answer: Answer): void {
    this.offer(answer);
    this.guess(answer.language);
    if (this.sentence.textContent !== answer.sentence) this.sentence.textContent = answer.sentence;
  }

  // The buttons are made anew only where they change, so that nobody loses the one with the focus.
  private offer({ topics, topic }: Answer): void {
    const marked = this.buttons.querySelector<HTMLInputElement>("input:checked")?.value ?? "";
    const kept = this.isChosen && marked !== "" && !topics.some(({ value }) => value === marked);
    if (kept) {
      const label = this.labelOf(marked);
      topics = [{ value: marked, label }, ...topics];
    }
    const known = [...this.buttons.querySelectorAll("input")].map((input) => input.value);
    if (known.join() !== topics.map(({ value }) => value).join()) this.buttons.replaceChildren(...topics.map((one) => this.button(one)));
    if (this.list.value === "") this.mark(this.isChosen ? marked : topic);
  }

  private guess(language: string): void {
    if (this.preset.value === "" || ![...this.language.options].some((option) => option.value === language)) return;
    this.language.value = language;
    this.preset.value = language;
  }

  private labelOf(value: string): string {
    return [...this.list.options].find((option) => option.value === value)?.text ?? value;
  }

  private button({ value, label }: Topic): HTMLLabelElement {
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "suggested", value });
    const line = document.createElement("label");
    line.className = "check";
    line.append(input, ` ${label}`);
    return line;
  }

  private mark(value: string): void {
    for (const input of this.buttons.querySelectorAll("input")) input.checked = input.value === value;
  }
}

document.querySelectorAll<HTMLFormElement>("form[data-need-form]").forEach((form) => new Writing(form));
