// Suggestions while typing a city: the combobox pattern of the WAI-ARIA Authoring Practices, on a form that works without it.

interface Hit {
  name: string;
  place: string;
  people: string;
  slug: string;
  url: string;
}
interface Answer {
  hits: Hit[];
  status: string;
}

const PAUSE = 90; // milliseconds of rest before asking

class Finder {
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("div");
  private hits: Hit[] = [];
  private active = -1;
  private timer = 0;
  private request: AbortController | undefined;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly source: string,
    number: number,
  ) {
    this.list.id = `suggestions-${number}`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset["suggestLabel"] ?? "");
    this.status.className = "hidden-text";
    this.status.setAttribute("role", "status");
    input.after(this.list);
    input.form?.append(this.status);
    this.announceRole();
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  private announceRole(): void {
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.input.autocomplete = "off";
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.request?.abort();
    if (this.input.value.trim() === "") this.close();
    else this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    const request = new AbortController();
    this.request = request;
    const address = new URL(this.source, location.href);
    address.searchParams.set("q", this.input.value);
    try {
      const response = await fetch(address, { signal: request.signal });
      if (response.ok) this.show((await response.json()) as Answer);
    } catch (error) {
      if (!request.signal.aborted) console.warn(error); // the form still works
    }
  }

  private show(answer: Answer): void {
    if (document.activeElement !== this.input) return;
    this.hits = answer.hits;
    this.status.textContent = answer.status;
    this.list.replaceChildren(...answer.hits.map((hit, index) => this.option(hit, index)));
    this.mark(-1);
    this.open(answer.hits.length > 0);
  }

  private option(hit: Hit, index: number): HTMLLIElement {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    const people = document.createElement("small");
    name.textContent = `${hit.name}, ${hit.place}`;
    people.textContent = hit.people;
    item.append(name, people);
    return item;
  }

  private open(open: boolean): void {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.mark(-1);
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.request?.abort();
    this.open(false);
  }

  private mark(index: number): void {
    this.active = index;
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    const item = this.list.children[index];
    if (item) {
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return; // an input method is still choosing characters
    const last = this.hits.length - 1;
    if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else if (event.key === "ArrowDown" && this.list.hidden && this.hits.length > 0) this.open(true);
    else if (event.key === "ArrowDown" && last >= 0) this.mark(this.active >= last ? 0 : this.active + 1);
    else if (event.key === "ArrowUp" && !this.list.hidden) this.mark(this.active <= 0 ? last : this.active - 1);
    else return;
    event.preventDefault();
  }

  // In a form about more than the city: its name stays readable, and a hidden field says which one is meant.
  private keep(hit: Hit): void {
    const form = this.input.form;
    form?.querySelector("[data-city-choices]")?.remove();
    this.input.value = `${hit.name}, ${hit.place}`;
    for (const [part, value] of [["asked", this.input.value], ["choice", hit.slug]] as const) {
      const field = form?.querySelector<HTMLInputElement>(`input[type=hidden][name=${this.input.name}_${part}]`);
      if (field) field.value = value;
    }
  }

  private clicked(event: Event): void {
    const item = (event.target as Element).closest("li");
    if (item) this.choose([...this.list.children].indexOf(item));
  }

  private choose(index: number): void {
    const hit = this.hits[index];
    if (!hit) return;
    this.close();
    if (this.input.dataset["choose"] === "fill") {
      this.input.value = hit.slug;
      this.input.form?.requestSubmit();
    } else if (this.input.dataset["choose"] === "keep") {
      this.keep(hit);
    } else {
      location.assign(hit.url);
    }
  }
}

document.querySelectorAll<HTMLInputElement>("input[data-zone]").forEach((input) => {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
});

document.querySelectorAll<HTMLInputElement>("input[data-suggest]").forEach((input, number) => {
  new Finder(input, input.dataset["suggest"] ?? "", number);
});
