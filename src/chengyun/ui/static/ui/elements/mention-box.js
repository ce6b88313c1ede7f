// <mention-box data-url data-blind data-nobody><textarea></mention-box>: after «@», colleagues are offered; arrows and
// Enter choose. Who may not see the case is shown, but cannot be chosen. `data-url` answers `?q=` with
// {people: [{call, name, department, may_see}]}.
const CALL = /(?:^|[^A-Za-z0-9._-])@([^\s@，。；、！？]{0,20})$/;

class MentionBox extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    if (!this.text || this.list) return;
    this.list = Object.assign(document.createElement("ul"), { className: "find-list", hidden: true, id: `${this.text.id}_people` });
    this.list.setAttribute("role", "listbox");
    this.append(this.list);
    this.text.setAttribute("role", "combobox");
    this.text.setAttribute("aria-autocomplete", "list");
    this.text.setAttribute("aria-controls", this.list.id);
    this.text.setAttribute("aria-expanded", "false");
    this.text.addEventListener("input", () => this.ask());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => { event.preventDefault(); this.choose(event.target.closest("li")); });
  }

  typed() {
    return CALL.exec(this.text.value.slice(0, this.text.selectionStart))?.[1];
  }

  ask() {
    clearTimeout(this.waiting);
    const typed = this.typed();
    if (typed === undefined) this.close();
    else this.waiting = setTimeout(() => this.fetch(typed), 150);
  }

  async fetch(typed) {
    const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || this.typed() !== typed) return;
    this.show((await answer.json()).people);
  }

  show(people) {
    this.list.replaceChildren(...people.map((person, index) => this.item(person, index)));
    if (!people.length) this.list.append(Object.assign(document.createElement("li"), { className: "muted", textContent: this.dataset.nobody }));
    this.list.hidden = false;
    this.text.setAttribute("aria-expanded", "true");
    this.mark(this.list.querySelector("[role=option]:not([aria-disabled])"));
  }

  item(person, index) {
    const item = Object.assign(document.createElement("li"), { id: `${this.list.id}_${index}` });
    item.setAttribute("role", "option");
    item.dataset.call = person.call;
    const more = person.may_see ? person.department : `${person.department} · ${this.dataset.blind}`;
    item.append(Object.assign(document.createElement("span"), { textContent: person.name }), Object.assign(document.createElement("small"), { className: "muted", textContent: ` ${more}` }));
    if (!person.may_see) item.setAttribute("aria-disabled", "true");
    return item;
  }

  mark(item) {
    this.marked?.removeAttribute("aria-selected");
    this.marked = item;
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.text.setAttribute("aria-activedescendant", item.id);
    else this.text.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const choices = [...this.list.querySelectorAll("[role=option]:not([aria-disabled])")];
    const here = choices.indexOf(this.marked);
    if (event.key === "ArrowDown") this.mark(choices[Math.min(here + 1, choices.length - 1)]);
    else if (event.key === "ArrowUp") this.mark(choices[Math.max(here - 1, 0)]);
    else if ((event.key === "Enter" || event.key === "Tab") && this.marked) this.choose(this.marked);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(item) {
    if (!item?.dataset.call || item.hasAttribute("aria-disabled")) return;
    const end = this.text.selectionStart;
    const start = end - this.typed().length;
    this.text.setRangeText(`${item.dataset.call} `, start, end, "end");
    this.text.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.text.setAttribute("aria-expanded", "false");
    this.mark(null);
  }
}
customElements.define("mention-box", MentionBox);
