// <draft-keeper src data-restored data-away><p hidden><span></span><button data-drop></p></draft-keeper> inside a form: its
// fields are kept on the server two seconds after the last keystroke, in this browser while the network is away; a form that
// opens again is filled with them and says so in one quiet line. Files and hidden fields (tokens, versions) are not kept.
const WAIT_MS = 2000;

class DraftKeeper extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    if (!this.form || this.onInput) return;
    this.line = this.querySelector("p");
    this.source = this.getAttribute("src");
    this.onInput = () => this.changed();
    this.onSubmit = () => this.sent();
    this.form.addEventListener("input", this.onInput);
    this.form.addEventListener("change", this.onInput);
    this.form.addEventListener("submit", this.onSubmit);
    this.onLeave = () => this.dirty && this.keep();
    document.addEventListener("visibilitychange", this.onLeave);
    addEventListener("pagehide", this.onLeave);
    this.querySelector("[data-drop]").addEventListener("click", () => this.drop());
    // What was just refused stands in the form as it was sent.
    if (!this.form.querySelector("[aria-invalid=true], .notice-error")) this.restore();
  }

  disconnectedCallback() {
    // Swapped away before two seconds were over; a form that was sent is not dirty any more.
    this.onLeave?.();
    document.removeEventListener("visibilitychange", this.onLeave);
    removeEventListener("pagehide", this.onLeave);
  }

  controls() {
    return [...this.form.elements].filter((each) => each.name && !["hidden", "file", "submit", "button", "password"].includes(each.type));
  }

  fields() {
    const found = {};
    for (const each of this.controls()) {
      if (["checkbox", "radio"].includes(each.type)) {
        found[each.name] ??= [];
        if (each.checked) found[each.name].push(each.value);
      } else found[each.name] = each.value;
    }
    return found;
  }

  changed() {
    if (this.filling) return;
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), WAIT_MS);
  }

  async keep() {
    clearTimeout(this.timer);
    this.dirty = false;
    const body = JSON.stringify(this.fields());
    try {
      const answer = await fetch(this.source, { method: "PUT", body, keepalive: true, headers: this.headers() });
      if (answer.status >= 500) throw new Error(String(answer.status));
      localStorage.removeItem(this.source);
    } catch {
      localStorage.setItem(this.source, body);
      if (this.isConnected) this.say(this.dataset.away);
    }
  }

  headers() {
    return { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, "Content-Type": "application/json" };
  }

  async restore() {
    let found = {};
    try {
      const answer = await fetch(this.source, { cache: "no-store", headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.ok) found = await answer.json();
    } catch { /* away: what this browser kept is all there is */ }
    const here = localStorage.getItem(this.source);
    const fields = here ? JSON.parse(here) : found.fields;
    if (!fields || this.dirty || !this.isConnected) return;
    if (this.fill(fields)) this.say(this.dataset.restored.replace("{at}", found.at || ""));
  }

  fill(fields) {
    const before = JSON.stringify(this.fields());
    this.filling = true;
    for (const each of this.controls()) {
      const value = fields[each.name];
      if (value === undefined) continue;
      if (["checkbox", "radio"].includes(each.type)) each.checked = value.includes(each.value);
      else each.value = value;
      each.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.filling = false;
    return JSON.stringify(this.fields()) !== before;
  }

  say(words) {
    this.line.querySelector("span").textContent = words;
    this.line.hidden = false;
  }

  sent() {
    clearTimeout(this.timer);
    this.dirty = false;
    localStorage.removeItem(this.source);
  }

  async drop() {
    this.sent();
    this.filling = true;
    this.form.reset();
    this.controls().forEach((each) => each.dispatchEvent(new Event("change", { bubbles: true })));
    this.filling = false;
    this.line.hidden = true;
    await fetch(this.source, { method: "DELETE", headers: this.headers() });
  }
}
customElements.define("draft-keeper", DraftKeeper);
