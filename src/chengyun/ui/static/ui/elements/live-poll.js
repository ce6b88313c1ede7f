// <live-poll src after every watch>: asks what changed. 204 is nothing; else {"cursor", "cases": [ids]}.
// Announces `live-change` on the document and shows one quiet line; the page changes only when the line is clicked.
// {"urgent": true} becomes `live-urgent`; `live-state` tells ok, offline or signed-out, `live-end` why and
// in how many seconds the session will end (header X-Sign-Out), null where not soon. With `clock` (a worker's address)
// it goes on asking while the page is hidden: a desk must hear what is urgent behind another window.
// With `quiet` the page refreshes itself and only faults are shown. `watch` is a case id: then only that case counts. Words come from data-changed ({n}), data-offline, data-signed-out.
class LivePoll extends HTMLElement {
  connectedCallback() {
    this.changed = new Set();
    this.failures = 0;
    this.line = this.querySelector("button");
    this.line.addEventListener("click", () => this.refresh());
    this.onVisible = () => document.hidden || this.plan(0);
    document.addEventListener("visibilitychange", this.onVisible);
    if (this.hasAttribute("clock")) this.keepAwake();
    this.plan();
  }

  keepAwake() {
    this.clock = new Worker(this.getAttribute("clock"));
    this.clock.addEventListener("message", () => document.hidden && this.ask());
    this.clock.postMessage(Number(this.getAttribute("every") || 3));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.clock?.terminate();
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  plan(seconds = Number(this.getAttribute("every") || 3)) {
    clearTimeout(this.timer);
    // After failures wait longer, up to a minute, so that a restarting server is not flooded.
    this.timer = setTimeout(() => this.ask(), 1000 * Math.min(60, seconds * 2 ** this.failures));
  }

  async ask() {
    if (this.asking || (document.hidden && !this.clock)) return;
    this.asking = true;
    try {
      const answer = await this.fetch();
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return this.signOut();
      if (!answer.ok) throw new Error(String(answer.status));
      this.failures = 0;
      if (answer.status === 200) this.take(await answer.json());
      this.show();
      this.tell("ok");
      this.tellEnd(answer.headers.get("X-Sign-Out"));
    } catch {
      this.failures = Math.min(5, this.failures + 1);
      if (this.failures > 1) this.say("offline", this.dataset.offline);
      if (this.failures > 1) this.tell("offline");
    } finally {
      this.asking = false;
    }
    this.plan();
  }

  signOut() {
    this.clock?.terminate();
    this.say("offline", this.dataset.signedOut);
    this.tell("signed-out");
  }

  tell(state) {
    document.dispatchEvent(new CustomEvent("live-state", { detail: { state } }));
  }

  tellEnd(words) {
    const [why, seconds] = (words || "").split(" ");
    document.dispatchEvent(new CustomEvent("live-end", { detail: why ? { why, seconds: Number(seconds) } : null }));
  }

  fetch() {
    const url = new URL(this.getAttribute("src"), location.href);
    url.searchParams.set("after", this.getAttribute("after") || "");
    return fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
  }

  take({ cursor, cases, urgent }) {
    this.setAttribute("after", cursor);
    if (urgent) document.dispatchEvent(new CustomEvent("live-urgent"));
    const watched = this.getAttribute("watch");
    const ids = watched ? cases.filter((id) => String(id) === watched) : cases;
    if (!ids.length) return;
    ids.forEach((id) => this.changed.add(id));
    document.dispatchEvent(new CustomEvent("live-change", { detail: { cases: ids } }));
  }

  show() {
    if (this.changed.size && !this.hasAttribute("quiet")) this.say("changed", this.dataset.changed.replace("{n}", this.changed.size));
    else this.line.hidden = true;
  }

  say(state, words) {
    this.line.dataset.state = state;
    this.line.querySelector("span").textContent = words;
    this.line.hidden = false;
  }

  refresh() {
    if (this.line.dataset.state === "changed") location.reload();
  }
}
customElements.define("live-poll", LivePoll);
