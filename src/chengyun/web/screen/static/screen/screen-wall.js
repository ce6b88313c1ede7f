// <screen-wall src every seconds release>: the command screen. Polls `src`, puts what it tells into its tiles, map and alarm line,
// goes through its scenes, says when the line is cut, and reloads itself at a calm moment after a new release.
import "./screen-map.js";
import { alarmLine, draw } from "./drawn.js";
import { Poll } from "./poll.js";
import { Scenes } from "./scenes.js";

const MOST_ALARMS = 2;
const STILL_MS = 4_000;
const STANDS_MS = 5_000;
const two = (count) => String(count).padStart(2, "0");

class ScreenWall extends HTMLElement {
  connectedCallback() {
    this.find = (what) => this.querySelector(what);
    this.words = JSON.parse(document.getElementById("screen-words").textContent);
    this.map = this.find("screen-map");
    this.told = new Map();
    this.clock();
    this.ticking = setInterval(() => this.clock(), 1000);
    this.scenes = new Scenes(this, Number(this.getAttribute("seconds")), (scene, lamp) => this.scene(scene, lamp));
    for (const box of this.querySelectorAll("[data-layer]")) this.map.layer(box.dataset.layer, box.checked);
    this.addEventListener("change", ({ target }) => target.dataset.layer && this.map.layer(target.dataset.layer, target.checked));
    this.addEventListener("pointermove", () => this.awake());
    this.awake();
    this.poll = new Poll(this.getAttribute("src"), Number(this.getAttribute("every")), {
      onData: (data) => this.show(data),
      onState: (...state) => this.state(...state),
      onRelease: (release) => this.released(release),
    });
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    clearTimeout(this.resting);
    this.poll.stop();
    this.scenes.stop();
  }

  // The county's clock, whatever the machine of the wall believes of zones.
  clock() {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" }).formatToParts(new Date());
    const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
    this.find("[data-clock]").textContent = `${part.hour}:${part.minute}:${part.second}`;
    const date = `${part.year}-${part.month}-${part.day} ${this.words.weekdays[part.weekday]}`;
    if (this.find("[data-date]").textContent !== date) this.find("[data-date]").textContent = date;
  }

  scene(scene, lamp) {
    for (const tile of this.querySelectorAll("[data-tile]")) tile.hidden = !tile.dataset.scenes.split(" ").includes(scene);
    this.map.only?.(lamp);
    this.reload();
  }

  show({ tiles, points, alarms }) {
    for (const tile of this.querySelectorAll("[data-tile]")) {
      const told = tiles[tile.dataset.tile];
      if (told && this.isNews(tile, told)) draw(tile, told, this.words);
    }
    if (this.isNews(this.map, points)) this.map.points(points);
    this.find("[data-more-points]").hidden = !points.more;
    this.alarm(alarms);
    this.classList.add("is-filled");
  }

  // What has not changed is not touched: one thing moves at a time.
  isNews(part, told) {
    const said = JSON.stringify(told);
    const isNews = this.told.get(part) !== said;
    this.told.set(part, said);
    return isNews;
  }

  alarm(alarms) {
    const box = this.find("[data-alarms]");
    box.querySelector("[data-lines]").replaceChildren(...alarms.slice(0, MOST_ALARMS).map(alarmLine));
    const more = box.querySelector("[data-more]");
    more.textContent = alarms.length > MOST_ALARMS ? more.dataset.words.replace("{n}", alarms.length - MOST_ALARMS) : "";
    box.hidden = !alarms.length;
    this.classList.toggle("is-alarmed", alarms.length > 0);
    this.map.alarm(alarms);
    this.scenes.hold(alarms.length > 0);
  }

  state(state, since, last) {
    this.dataset.line = state;
    const lost = this.find("[data-lost]");
    lost.hidden = state === "ok";
    lost.querySelector("[data-sign-in]").hidden = state !== "signed-out";
    if (state === "ok") return;
    const { offline, stale, preparing, signedOut } = this.dataset;
    const words = { offline, stale, preparing, "signed-out": signedOut }[state];
    lost.querySelector("span").textContent = words.replace("{since}", this.time(since)).replace("{last}", this.time(last, true));
  }

  time(moment, exactly = false) {
    if (!moment) return "—";
    return `${two(moment.getHours())}:${two(moment.getMinutes())}${exactly ? `:${two(moment.getSeconds())}` : ""}`;
  }

  released(release) {
    this.isOld = release !== "" && release !== this.getAttribute("release");
    // Where scenes do not turn there is no moment between two of them.
    if (this.scenes.paused) this.reload();
  }

  // After a new release, between two scenes, when nothing is urgent and the line is good; not again and again while it is being put in place.
  reload() {
    if (this.isOld && performance.now() > STANDS_MS && this.dataset.line === "ok" && !this.classList.contains("is-alarmed")) location.reload();
  }

  awake() {
    this.classList.remove("is-still");
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.classList.add("is-still"), STILL_MS);
  }
}
customElements.define("screen-wall", ScreenWall);
