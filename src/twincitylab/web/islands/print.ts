// The print button of a page, which is there only where it works.

export function offerPrinting(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      window.print();
    });
  }
}
