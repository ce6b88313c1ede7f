// <key-help data-words='{"j": "…"}'><dialog>…</dialog></key-help>: the keys of the present page, gathered when it is opened
// from what really answers to them: data-key and data-go on what is seen, and the KEYS of the elements on the page.
const isSeen = (element) => element.checkVisibility?.() ?? true;

class KeyHelp extends HTMLElement {
  show() {
    this.dialog = this.querySelector("dialog");
    this.words = JSON.parse(this.dataset.words);
    this.querySelector("dl").replaceChildren(...this.found().flatMap(([keys, words]) => this.line(keys, words)));
    this.dialog.showModal();
  }

  found() {
    return [...this.general(), ...this.ofElements(), ...this.ofAttribute("data-key", []), ...this.ofAttribute("data-go", ["g"])];
  }

  general() {
    const find = document.querySelector("[data-find]") ? [[["/"], this.words["/"]]] : [];
    return [...find, [["?"], this.words["?"]], [["Esc"], this.words.Esc]];
  }

  ofElements() {
    const names = ["key-list", "select-rows"].filter((name) => document.querySelector(name));
    return names.flatMap((name) => Object.keys(customElements.get(name).KEYS).map((key) => [[key], this.words[key]]));
  }

  ofAttribute(name, before) {
    const seen = [...document.querySelectorAll(`[${name}]`)].filter(isSeen);
    const first = new Map(seen.reverse().map((each) => [each.getAttribute(name), each]));
    return [...first].reverse().map(([key, each]) => [[...before, key], this.said(each)]);
  }

  said(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, svg, .count, .num").forEach((each) => each.remove());
    return copy.textContent.trim().replace(/\s+/g, " ") || element.ariaLabel || element.title;
  }

  line(keys, words) {
    const term = document.createElement("dt");
    term.append(...keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
    return [term, Object.assign(document.createElement("dd"), { textContent: words })];
  }
}
customElements.define("key-help", KeyHelp);
