// <phrase-list data-url data-used data-none data-find><template>button</template></phrase-list>: puts the button beside each
// text field of the form around it. The list is fetched once; typing finds, arrows and Enter insert at the cursor, Esc
// goes back to the text. Alt+P in the text opens it.
class PhraseList extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    if (!form || this.ready) return;
    this.ready = true;
    for (const text of form.querySelectorAll("textarea")) this.serve(text);
  }

  serve(text) {
    const button = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const place = Object.assign(document.createElement("div"), { className: "phrase-place" });
    place.append(button);
    text.closest(".control, .field")?.after(place);
    button.addEventListener("click", () => this.toggle(text, place));
    text.addEventListener("keydown", (event) => {
      if (!event.altKey || event.code !== "KeyP") return;
      event.preventDefault();
      this.toggle(text, place);
    });
  }

  async toggle(text, place) {
    if (this.box) return this.close();
    this.text = text;
    this.button = place.querySelector("button");
    this.phrases ??= (await this.fetched()).phrases;
    this.open(place);
  }

  async fetched() {
    const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : { phrases: [] };
  }

  open(place) {
    this.box = Object.assign(document.createElement("div"), { className: "phrase-box" });
    this.input = Object.assign(document.createElement("input"), { type: "search", placeholder: this.dataset.find, autocomplete: "off" });
    this.list = Object.assign(document.createElement("ul"), { className: "phrase-rows", id: "phrase-rows" });
    this.list.setAttribute("role", "listbox");
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-label", this.dataset.find);
    this.input.setAttribute("aria-controls", "phrase-rows");
    this.input.setAttribute("aria-expanded", "true");
    this.box.append(this.input, this.list);
    place.append(this.box);
    this.button.setAttribute("aria-expanded", "true");
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("focusout", (event) => this.box && !place.contains(event.relatedTarget) && this.close(false));
    this.list.addEventListener("mousedown", (event) => { event.preventDefault(); this.choose(event.target.closest("li")); });
    this.show();
    this.input.focus();
  }

  show() {
    const typed = this.input.value.trim().toLowerCase();
    const found = this.phrases.filter((each) => each.text.toLowerCase().includes(typed));
    this.list.replaceChildren(...found.map((each) => this.item(each)));
    if (!found.length) this.list.append(Object.assign(document.createElement("li"), { className: "muted", textContent: this.dataset.none }));
    this.mark(this.list.querySelector("[role=option]"));
  }

  item(phrase) {
    const item = Object.assign(document.createElement("li"), { textContent: phrase.text, id: `phrase-${phrase.id}` });
    item.dataset.id = phrase.id;
    item.setAttribute("role", "option");
    return item;
  }

  mark(item) {
    this.marked?.removeAttribute("aria-selected");
    this.marked = item;
    if (!item) return this.input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") this.mark(this.marked?.nextElementSibling || this.marked);
    else if (event.key === "ArrowUp") this.mark(this.marked?.previousElementSibling || this.marked);
    else if (event.key === "Enter") this.choose(this.marked);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(item) {
    if (!item?.dataset.id) return;
    const text = this.text;
    this.close();
    text.setRangeText(item.textContent, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    const token = text.form.querySelector("[name=csrfmiddlewaretoken]").value;
    fetch(this.dataset.used.replace("/0/", `/${item.dataset.id}/`), { method: "POST", headers: { "X-CSRFToken": token } });
  }

  close(back = true) {
    const box = this.box;
    this.box = null;
    box?.remove();
    this.button?.setAttribute("aria-expanded", "false");
    if (back) this.text?.focus();
  }
}
customElements.define("phrase-list", PhraseList);
