// Which scene stands: goes round by itself, by key and by click. Arrows change it, space pauses, F presents.
const calmly = matchMedia("(prefers-reduced-motion: reduce)");

export class Scenes {
  constructor(wall, seconds, onScene) {
    Object.assign(this, { wall, seconds, onScene });
    this.buttons = [...wall.querySelectorAll("[data-scene]")];
    this.keys = this.buttons.map((button) => button.dataset.scene);
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
    wall.addEventListener("click", ({ target }) => this.clicked(target));
    // Who wants no movement turns the pages himself.
    this.pause(calmly.matches);
    this.show(Math.max(0, this.keys.indexOf(location.hash.slice(1))));
  }

  stop() {
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.onKey);
  }

  clicked(target) {
    const scene = target.closest("button[data-scene]");
    if (scene) return this.show(this.buttons.indexOf(scene));
    const todo = target.closest("button[data-do]")?.dataset.do;
    if (todo === "pause") this.pause(!this.paused);
    if (todo === "present") this.present();
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight" || event.key === "PageDown") this.show(this.at + 1);
    else if (event.key === "ArrowLeft" || event.key === "PageUp") this.show(this.at - 1);
    else if (event.key === " " && !event.target.closest("button, a, input")) this.pause(!this.paused);
    else if (event.key.toLowerCase() === "f") this.present();
    else if (event.key === "Escape") this.wall.classList.remove("is-presenting");
    else return;
    event.preventDefault();
  }

  show(at) {
    this.at = (at + this.keys.length) % this.keys.length;
    const button = this.buttons[this.at];
    this.wall.dataset.now = button.dataset.scene;
    for (const each of this.buttons) each.setAttribute("aria-current", String(each === button));
    history.replaceState(null, "", `#${button.dataset.scene}`);
    this.onScene(button.dataset.scene, button.dataset.lamp);
    this.plan();
  }

  plan() {
    clearTimeout(this.timer);
    if (!this.paused && !this.held) this.timer = setTimeout(() => this.show(this.at + 1), this.seconds * 1000);
  }

  /** While something is urgent nothing turns. */
  hold(held) {
    if (held === Boolean(this.held)) return;
    this.held = held;
    if (held) this.show(0);
    else this.plan();
  }

  pause(paused) {
    this.paused = paused;
    this.wall.querySelector("[data-do=pause]").setAttribute("aria-pressed", String(paused));
    this.wall.classList.toggle("is-paused", paused);
    this.plan();
  }

  async present() {
    const on = this.wall.classList.toggle("is-presenting");
    try {
      if (on) await document.documentElement.requestFullscreen();
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch {
      // A browser that refuses the full screen still shows the big view.
    }
  }
}
