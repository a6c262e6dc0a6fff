// Lead from what is wrong to its field, and take the entry away when the field is mended.
// Without this, the entries are links to the fields, and stay until the form is sent again.

function open(field) {
  for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  const drawn = field.nextElementSibling?.matches(".select2-container") && field.nextElementSibling;
  const target = drawn ? drawn.querySelector("input, [role=combobox]") : field;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-to-field]");
  const field = link && link.hash && link.pathname === location.pathname && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  open(field);
});

class Problems {
  constructor(box) {
    this.box = box;
    this.form = document.querySelector("#content form:has(.submit-row)");
    this.entries = [...box.querySelectorAll("[data-problem-of]")];
    this.refused = new Map(this.entries.map((entry) => [entry, this.valueOf(entry)]));
    this.form.addEventListener("input", () => this.check());
    // select2 triggers jQuery events only.
    globalThis.django?.jQuery?.(this.form).on("change", () => this.check());
    box.focus();
  }

  fields(entry) {
    return [...this.form.querySelectorAll(`[name="${CSS.escape(entry.dataset.problemOf)}"]`)];
  }

  valueOf(entry) {
    return this.fields(entry).map((field) => (field.multiple ? [...field.selectedOptions].map((o) => o.value) : field.value)).join();
  }

  // A field is mended when it has another value than the one that was refused; the server decides in the end.
  check() {
    for (const entry of this.entries) {
      const isMended = this.valueOf(entry) !== this.refused.get(entry) && this.fields(entry).every((field) => field.checkValidity());
      entry.hidden = isMended;
      for (const field of this.fields(entry)) this.mark(field.closest(".form-row"), isMended);
    }
    const isLeft = this.entries.some((entry) => !entry.hidden) || this.box.querySelector(".errorlist.nonfield");
    this.box.hidden = !isLeft;
  }

  mark(row, isMended) {
    row?.classList.toggle("errors", !isMended);
    row?.querySelectorAll(".errorlist").forEach((list) => { list.hidden = isMended; });
  }
}

const box = document.getElementById("problems");
if (box) new Problems(box);
