// <relative-time>: a lamp and its remaining time, kept going between two answers of the server.
// data-remaining  seconds of the limit's own unit left when the page was made (negative: overdue)
// data-ticks      present while that clock runs now (working time stands still at night; the server knows)
// data-yellow-at, data-due-at   instants at which the lamp changes
// data-day        seconds that count as one day; 0 shows hours only
// data-words      {time} left|{time} over|day|hour|minute|less than a minute left|just over, in the page's language
const LAMPS = ["lamp-green", "lamp-yellow", "lamp-red"];

class RelativeTime extends HTMLElement {
  connectedCallback() {
    if (!("ticks" in this.dataset)) return;
    this.made = Date.now();
    this.timer = setInterval(() => this.tick(), 15000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const left = Number(this.dataset.remaining) - (Date.now() - this.made) / 1000;
    const text = this.querySelector(".lamp-time");
    if (text && this.dataset.words) text.textContent = this.say(left);
    if (this.dataset.dueAt) this.light(this.level());
  }

  level() {
    if (Date.now() >= Date.parse(this.dataset.dueAt)) return 2;
    return Date.now() >= Date.parse(this.dataset.yellowAt) ? 1 : 0;
  }

  light(level) {
    // In a queue the row's lamp stands apart from its time.
    const apart = this.closest("[data-key-item]")?.querySelector(".lamp-only");
    for (const lamp of [this, apart].filter(Boolean)) {
      lamp.classList.remove(...LAMPS);
      lamp.classList.add(LAMPS[level]);
    }
  }

  say(seconds) {
    const [left, over, day, hour, minute, moment, justOver] = this.dataset.words.split("|");
    const size = Math.abs(seconds);
    const dayLength = Number(this.dataset.day);
    const days = dayLength ? Math.floor(size / dayLength) : 0;
    const hours = Math.floor((size - days * dayLength) / 3600);
    const minutes = Math.floor((size - days * dayLength) / 60) % 60;
    const all = [[days, day], [hours, hour], [minutes, minute]];
    const parts = all.slice(days ? 0 : 1, days ? 2 : 3).filter(([n]) => n);
    if (!parts.length) return seconds < 0 ? justOver : moment;
    return (seconds < 0 ? over : left).replace("{time}", parts.map(([n, unit]) => `${n} ${unit}`).join(" "));
  }
}
customElements.define("relative-time", RelativeTime);
