/**
 * Talks to the server over HTTP. Every press has one key, and a repeat after a network fault sends the same key,
 * so that nothing is ever done twice. What the server refuses is thrown as a `Problem` with its code.
 */

const ATTEMPTS = 3;
const RETRY_MS = 400;
const ANSWER_MS = 6_000;
const GATEWAY_FAULTS = [502, 504];

/** The server said no, or could not be reached (code `offline`, status 0). Screens translate `code`, never parse text. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} detail
   * @param {Record<string, unknown>} [data] whatever else the problem document held
   */
  constructor(status, code, detail, data = {}) {
    super(`${code}: ${detail}`);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.data = data;
  }
}

/** A fresh key for one press: 128 random bits. `crypto.randomUUID` does not exist on a plain http origin. */
export function pressKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @typedef {object} ApiOptions
 * @property {string} [hall] for `hallPath`
 * @property {() => string | null} [token] asked at every request
 * @property {() => string} [language] for the detail texts of problems
 */

export class Api {
  /** @param {ApiOptions} [options] */
  constructor({ hall = "", token = () => null, language = () => document.documentElement.lang } = {}) {
    this.hall = hall;
    this.token = token;
    this.language = language;
  }

  /**
   * @template T
   * @param {string} path below /api/v1, for example "/me" or this.hallPath("now")
   * @returns {Promise<T>}
   */
  get(path) {
    return this.request("GET", path, undefined, undefined);
  }

  /**
   * A picture that may only be fetched with the token, as a data address for an <img>.
   * @param {string} path
   * @returns {Promise<string>}
   */
  async picture(path) {
    const { status, text } = await this.once("GET", path, undefined, undefined);
    if (status !== 200) throw new Problem(status, "not_found", path);
    return `data:image/svg+xml,${encodeURIComponent(text)}`;
  }

  /**
   * Sends one press. 204 gives null.
   * @template T
   * @param {string} path
   * @param {object} [body]
   * @param {string} [key] to repeat an earlier press; a new one otherwise
   * @param {() => boolean} [isWanted] once false, a lost press is not sent again
   * @returns {Promise<T>}
   */
  post(path, body = {}, key = pressKey(), isWanted = () => true) {
    return this.request("POST", path, body, key, isWanted);
  }

  /**
   * "/halls/H/…" of this hall; every part is escaped.
   * @param {...string} parts
   */
  hallPath(...parts) {
    return ["/halls", this.hall, ...parts].map((part, at) => (at ? encodeURIComponent(part) : part)).join("/");
  }

  /**
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} body
   * @param {string | undefined} key
   * @param {() => boolean} [isWanted]
   * @returns {Promise<T>}
   */
  async request(method, path, body, key, isWanted = () => true) {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(method, path, body, key).catch(() => null);
      if (answer && !GATEWAY_FAULTS.includes(answer.status)) return readAnswer(answer);
      if (attempt < ATTEMPTS) await pause(RETRY_MS * attempt);
      if (attempt === ATTEMPTS || !isWanted()) throw new Problem(answer?.status ?? 0, "offline", "The server cannot be reached.");
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} body
   * @param {string | undefined} key
   */
  async once(method, path, body, key) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), ANSWER_MS);
    try {
      const answer = await fetch(`/api/v1${path}`, {
        method,
        headers: this.headers(body, key),
        body: body && JSON.stringify(body),
        signal: limit.signal,
      });
      // The body is read under the same limit, so that a cut in the middle counts as a network fault too.
      return { status: answer.status, text: await answer.text() };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {object | undefined} body
   * @param {string | undefined} key
   */
  headers(body, key) {
    const token = this.token();
    return {
      Accept: "application/json",
      "Accept-Language": this.language(),
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { "Content-Type": "application/json" }),
      ...(key && { "Idempotency-Key": key }),
    };
  }
}

/**
 * @param {{status: number, text: string}} answer
 * @returns {any} what the server answered; null without content
 */
function readAnswer({ status, text }) {
  if (status === 204) return null;
  const data = parse(text);
  if (status < 300) return data;
  const { code = "unknown", detail = "", title, ...rest } = data ?? {};
  throw new Problem(status, String(code), String(detail || title || ""), rest);
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {number} wait_ms */
function pause(wait_ms) {
  return new Promise((resolve) => setTimeout(resolve, wait_ms));
}
