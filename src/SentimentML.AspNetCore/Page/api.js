// The server's routes beside the page. The key lives in this tab only: in its session, or in memory where the browser keeps no session.

const KEY = 'sentimentml-key';
const MAX_TRIES = 5;

let memory = null;
let ask = () => Promise.resolve(null);

/** A request that was not answered: an HTTP status, or 0 if the server was not reached, and what the server said. */
export class Fault extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Sets who asks a person for the key: a function of whether one was refused, to the key, or null if the person gives none. */
export function askKeyBy(asking) {
  let asked = null; // requests that are refused together ask once
  ask = (refused) => (asked ??= asking(refused).finally(() => (asked = null)));
}

export async function getJson(path, signal) {
  return (await send(path, { signal })).json();
}

export async function postJson(path, body, signal) {
  return (await send(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal })).json();
}

/** Sends a file; the answer's lines come in groups, as they arrive. */
export async function postFile(path, file, type, signal) {
  const response = await send(path, { method: 'POST', headers: { 'Content-Type': type, Accept: 'application/x-ndjson' }, body: file, signal }, 1);
  return { total: Number(response.headers.get('x-total-rows')), groups: lines(response.body) };
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done)
        break;
      const parts = (rest + value).split('\n');
      rest = parts.pop();
      yield parts;
    }
  } finally {
    reader.cancel().catch(() => {}); // the body may have ended by a fault, which the reader above has thrown
  }
}

/** Sends a request with the key; where the server is busy, again when it says so. */
async function send(path, init, tries = MAX_TRIES) {
  for (let tried = 1; ; tried++) {
    const key = current();
    const headers = new Headers(init.headers);
    if (key)
      headers.set('Authorization', `Bearer ${key}`);
    let response;
    try {
      response = await fetch(path, { ...init, headers });
    } catch (error) {
      throw error.name === 'AbortError' ? error : new Fault(0, '');
    }
    if (response.ok)
      return response;
    if (response.status === 401) {
      const given = key === current() ? await ask(key !== null) : current(); // another request may have asked meanwhile
      if (given === null)
        throw new Fault(401, '');
      store(given);
      tried--;
    } else if (response.status === 429 && tried < tries) {
      await pause(1000 * Math.min(10, Number(response.headers.get('Retry-After')) || 1), init.signal);
    } else {
      const problem = await response.json().catch(() => ({})); // a proxy's page, maybe
      throw new Fault(response.status, problem.detail ?? '');
    }
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function current() {
  try {
    return sessionStorage.getItem(KEY) ?? memory;
  } catch {
    return memory;
  }
}

function store(key) {
  memory = key;
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    // In memory, until the page is left.
  }
}
