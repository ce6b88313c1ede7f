// Asks for the whole screen again and again: 204 is nothing new. Tells `onData(data)`, `onState(state)` and `onRelease(mark)`.
// States: ok, offline (no network), stale (the server does not answer well), preparing (it has no figures yet), signed-out. It never gives up: a wall mends itself.
const PATIENCE_MS = 10_000;
const LONGEST_S = 15;
// One missed answer may be a restart; two are told.
const TOLERATED = 1;

export class Poll {
  constructor(address, seconds, { onData, onState, onRelease }) {
    Object.assign(this, { address, seconds, onData, onState, onRelease });
    this.seen = "";
    this.failures = 0;
    this.lastAt = null;
    this.now = () => this.plan(0);
    window.addEventListener("online", this.now);
    this.plan(0);
  }

  stop() {
    clearTimeout(this.timer);
    window.removeEventListener("online", this.now);
    this.stopped = true;
  }

  plan(seconds) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.ask(), seconds * 1000);
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    this.nextIn = null;
    const asked = performance.now();
    try {
      await this.take(await this.fetched());
    } catch (error) {
      this.fail(navigator.onLine === false ? "offline" : (error.state ?? "stale"));
    } finally {
      this.asking = false;
    }
    this.plan(this.nextIn ?? this.rest((performance.now() - asked) / 1000));
  }

  // A good line is asked once in `seconds`, however long the answer took; a bad one is left alone for longer and longer.
  rest(spent) {
    return this.failures ? Math.min(LONGEST_S, this.seconds * 2 ** this.failures) : Math.max(this.seconds / 4, this.seconds - spent);
  }

  fetched() {
    const url = new URL(this.address, location.href);
    url.searchParams.set("seen", this.seen);
    return fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  async take(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      this.failures = 4;
      return this.onState("signed-out", this.lastAt, this.lastAt);
    }
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { state: (await answer.json()).code === "preparing" ? "preparing" : "stale" });
    if (answer.status === 200) {
      const data = await answer.json();
      this.seen = data.version;
      this.onData(data);
    }
    // A newer picture than this is on its way: the server says when, so that a new case is seen within two seconds.
    this.nextIn = answer.headers.has("X-Behind") ? Number(answer.headers.get("X-Behind")) : null;
    this.failures = 0;
    this.lostAt = null;
    this.lastAt = new Date();
    this.onState("ok");
    this.onRelease(answer.headers.get("X-Release") || "");
  }

  fail(state) {
    this.failures = Math.min(5, this.failures + 1);
    this.lostAt ||= new Date();
    if (this.failures > TOLERATED) this.onState(state, this.lostAt, this.lastAt);
  }
}
