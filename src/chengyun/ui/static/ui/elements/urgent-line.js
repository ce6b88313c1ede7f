// <urgent-line src>: what rings now, in red over the page, with sound until somebody acknowledges.
// Before the session ends for idleness (`desk-warning`) and once it has ended, a lower tone; data-warned counts them.
// data-sound on the element tells its state: blocked (the browser wants a click first), ready, ringing.
// Its words come from the server (data-line); a `live-urgent` on the document says that they changed.
// <urgent-sound>: volume and test, anywhere on the page; the volume is remembered on this machine.
const EVERY_S = 3;
const AGAIN_S = 20;
const DEAF_S = 30;
const ALARM = [880, 660, 880];
// Lower and even, so that nobody takes it for a case: this desk will stop, or has stopped, to hear.
const WARNING = [440, 440];

class Tone {
  constructor() {
    this.context = null;
    this.volume = this.stored();
  }

  stored() {
    try {
      return Number(localStorage.getItem("urgent-volume") || 70);
    } catch {
      return 70;
    }
  }

  keep(volume) {
    this.volume = volume;
    try {
      localStorage.setItem("urgent-volume", String(volume));
    } catch {
      // Storage forbidden: it holds for this page.
    }
  }

  // True when the browser lets us sound. A context that waits is let sleep, it would cost time all day.
  async allowed() {
    if (!this.context) {
      this.context = new AudioContext();
      // A context that may run says so at once or within this time.
      await new Promise((done) => setTimeout(done, 200));
      this.mayRun = this.context.state === "running";
      if (this.mayRun) await this.context.suspend();
    }
    return this.mayRun;
  }

  // Inside a click or a key only.
  async allow() {
    this.context ||= new AudioContext();
    await this.context.resume();
    this.mayRun = this.context.state === "running";
    return this.mayRun;
  }

  async sound(pitches = ALARM) {
    if (!(await this.allowed())) return false;
    await this.context.resume();
    const start = this.context.currentTime;
    pitches.forEach((pitch, turn) => this.beep(pitch, start + turn * 0.28));
    return true;
  }

  beep(pitch, start) {
    const [source, loudness] = [this.context.createOscillator(), this.context.createGain()];
    source.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(this.volume / 100, start + 0.02);
    loudness.gain.setValueAtTime(this.volume / 100, start + 0.2);
    loudness.gain.linearRampToValueAtTime(0, start + 0.25);
    source.connect(loudness).connect(this.context.destination);
    source.start(start);
    source.stop(start + 0.26);
  }

  rest() {
    if (this.context?.state === "running") this.context.suspend();
  }
}
const tone = new Tone();

class UrgentLine extends HTMLElement {
  connectedCallback() {
    this.line = this.querySelector("[data-line]");
    this.mute = this.querySelector("[data-allow]");
    this.deaf = this.querySelector("[data-deaf]");
    this.listeners = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.listeners.signal });
    on(document, "live-urgent", () => this.refresh());
    on(document, "live-state", ({ detail }) => this.hear(detail.state));
    on(document, "desk-warning", () => this.warn());
    on(this, "submit", (event) => this.send(event));
    // Any click or key on the page is the gesture that browsers ask for.
    for (const gesture of ["pointerdown", "keydown"]) on(document, gesture, () => this.touched());
    this.size = new ResizeObserver(() => this.measure());
    this.size.observe(this);
    this.check();
  }

  disconnectedCallback() {
    this.listeners.abort();
    this.size.disconnect();
    clearInterval(this.ringing);
    clearInterval(this.again);
    clearInterval(this.warning);
  }

  get blocked() {
    return this.dataset.sound === "blocked";
  }

  get rings() {
    return this.line.querySelector("[data-ringing]") !== null;
  }

  async check() {
    this.say((await tone.allowed()) ? "ready" : "blocked");
    this.ring();
  }

  async open() {
    this.say((await tone.allow()) ? "ready" : "blocked");
    this.ring();
  }

  say(state) {
    this.dataset.sound = state;
    this.mute.hidden = state !== "blocked";
  }

  ring() {
    clearInterval(this.ringing);
    clearInterval(this.again);
    if (!this.rings) {
      if (!this.blocked) this.say("ready");
      return tone.rest();
    }
    this.again = setInterval(() => this.contains(document.activeElement) || this.refresh(), 1000 * AGAIN_S);
    if (this.blocked) return;
    this.say("ringing");
    tone.sound();
    this.ringing = setInterval(() => tone.sound(), 1000 * EVERY_S);
  }

  async refresh() {
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { "HX-Request": "true" }, redirect: "manual", cache: "no-store" });
      if (answer.ok) this.take(await answer.text());
    } catch {
      // The polling line says that the server does not answer, and asks again.
    }
  }

  async send(event) {
    event.preventDefault();
    const form = event.target;
    form.querySelector("button").disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
      this.take(await answer.text());
    } catch {
      // Without our help: the browser shows what the server says.
      form.submit();
    }
  }

  take(words) {
    this.line.innerHTML = words;
    this.ring();
  }

  touched() {
    clearInterval(this.warning);
    if (this.blocked) this.open();
  }

  async warn() {
    if (this.blocked || this.rings) return;
    this.dataset.warned = Number(this.dataset.warned || 0) + 1;
    await tone.sound(WARNING);
    setTimeout(() => this.rings || tone.rest(), 1000);
  }

  // A desk that hears nothing must say so; one that was signed out says it aloud until somebody touches it.
  hear(state) {
    clearInterval(this.warning);
    if (state === "signed-out") {
      this.warn();
      this.warning = setInterval(() => this.warn(), 1000 * DEAF_S);
    }
    const words = { "signed-out": this.dataset.signedOut, offline: this.dataset.offline }[state];
    this.deaf.hidden = !words;
    this.deaf.textContent = words || "";
  }

  measure() {
    document.documentElement.style.setProperty("--urgent-height", `${this.offsetHeight}px`);
  }
}
customElements.define("urgent-line", UrgentLine);

class UrgentSound extends HTMLElement {
  connectedCallback() {
    const volume = this.querySelector("[data-volume]");
    volume.value = String(tone.volume);
    volume.addEventListener("change", () => tone.keep(Number(volume.value)));
    this.querySelector("[data-test]").addEventListener("click", () => this.test());
  }

  async test() {
    await document.querySelector("urgent-line")?.open();
    await tone.sound();
  }
}
customElements.define("urgent-sound", UrgentSound);
