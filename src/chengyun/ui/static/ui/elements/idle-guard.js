// <idle-guard src>: counts down before the session ends (`live-end` of the polling line), aloud on a desk that hears what is urgent.
// Any click or key is a sign of life and asks `src`; a session at its longest time cannot be prolonged, then it only counts.
// Words: data-idle, data-expired, data-kept.
const AGAIN_S = 15;

class IdleGuard extends HTMLElement {
  connectedCallback() {
    this.words = this.querySelector("[data-words]");
    this.left = this.querySelector("[data-left]");
    this.button = this.querySelector("button");
    this.listeners = new AbortController();
    const on = (name, act) => document.addEventListener(name, act, { signal: this.listeners.signal });
    on("live-end", ({ detail }) => this.hear(detail));
    on("live-state", ({ detail }) => detail.state === "signed-out" && this.rest());
    for (const gesture of ["pointerdown", "keydown"]) on(gesture, () => this.stay());
  }

  disconnectedCallback() {
    this.listeners.abort();
    this.rest();
  }

  hear(end) {
    if (!end) return this.rest();
    this.ends = performance.now() + 1000 * end.seconds;
    if (this.why === end.why) return;
    this.why = end.why;
    this.words.textContent = this.dataset[end.why];
    this.button.hidden = end.why !== "idle";
    this.hidden = false;
    this.count();
    this.sound();
    this.counting = setInterval(() => this.count(), 1000);
    this.sounding = setInterval(() => this.sound(), 1000 * AGAIN_S);
  }

  count() {
    this.left.textContent = Math.max(0, Math.ceil((this.ends - performance.now()) / 1000));
  }

  sound() {
    document.dispatchEvent(new CustomEvent("desk-warning"));
  }

  rest() {
    clearInterval(this.counting);
    clearInterval(this.sounding);
    this.why = "";
    this.hidden = true;
  }

  async stay() {
    if (this.why !== "idle" || this.asking) return;
    this.asking = true;
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
      if (answer.ok) this.rest();
    } catch {
      // The polling line says that the server does not answer; the next click asks again.
    } finally {
      this.asking = false;
    }
  }
}
customElements.define("idle-guard", IdleGuard);
