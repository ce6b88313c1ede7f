// A worker that only ticks: browsers slow the timers of hidden pages down to once a minute, not those of workers.
onmessage = ({ data }) => setInterval(() => postMessage(0), 1000 * data);
