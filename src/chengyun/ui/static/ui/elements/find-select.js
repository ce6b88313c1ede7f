// <find-select placeholder><select>…</select></find-select>: a long list found by typing a part of a name or a code.
// The select stays what is sent; without the script it is an ordinary select.
class FindSelect extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.input) return;
    this.input = Object.assign(document.createElement("input"), { type: "search", placeholder: this.getAttribute("placeholder") || "", autocomplete: "off" });
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-label", this.getAttribute("placeholder") || "");
    this.input.setAttribute("aria-expanded", "false");
    this.list = Object.assign(document.createElement("ul"), { className: "find-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.append(this.input, this.list);
    // Marked on this element: after a swap htmx sets the attributes of whatever has an id back to what the server sent.
    this.classList.add("is-ready");
    this.select.tabIndex = -1;
    this.select.addEventListener("focus", () => this.input.focus());
    this.input.value = this.chosenText();
    this.input.addEventListener("focus", () => { this.input.select(); this.show(); });
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => { event.preventDefault(); this.choose(event.target.closest("li")); });
  }

  chosenText() {
    const option = this.select.selectedOptions[0];
    return option?.value ? option.textContent.trim() : "";
  }

  show() {
    const typed = this.input.value.trim().toLowerCase();
    const wanted = typed === this.chosenText().toLowerCase() ? "" : typed;
    const found = [...this.select.options].filter((option) => option.value && option.textContent.toLowerCase().includes(wanted)).slice(0, 60);
    this.list.replaceChildren(...found.map((option) => this.item(option)));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(this.list.firstElementChild);
  }

  item(option) {
    const item = document.createElement("li");
    item.textContent = option.textContent.trim();
    item.dataset.value = option.value;
    item.setAttribute("role", "option");
    return item;
  }

  mark(item) {
    this.marked?.removeAttribute("aria-selected");
    this.marked = item;
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.key === "ArrowDown") this.mark(this.marked?.nextElementSibling || this.marked);
    else if (event.key === "ArrowUp") this.mark(this.marked?.previousElementSibling || this.marked);
    else if (event.key === "Enter" && !this.list.hidden) this.choose(this.marked);
    else return;
    event.preventDefault();
  }

  choose(item) {
    if (!item) return;
    this.select.value = item.dataset.value;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.value = this.chosenText();
  }
}
customElements.define("find-select", FindSelect);
