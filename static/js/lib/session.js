/**
 * Who this screen is. Staff tokens live per tab, so desk and manager may be open side by side; device tokens stay with the browser.
 */

const STAFF_KEY = "hall.token";
const DEVICE_KEY = "hall.device.";

/** @typedef {"kiosk" | "display"} ScreenDevice */

/** @returns {string | null} */
export function staffToken() {
  return sessionStorage.getItem(STAFF_KEY);
}

/** @param {string} token */
export function keepStaffToken(token) {
  sessionStorage.setItem(STAFF_KEY, token);
}

export function forgetStaffToken() {
  sessionStorage.removeItem(STAFF_KEY);
}

/**
 * @param {ScreenDevice} kind
 * @returns {string | null}
 */
export function deviceToken(kind) {
  return localStorage.getItem(DEVICE_KEY + kind);
}

/**
 * @param {ScreenDevice} kind
 * @param {string} token
 */
export function keepDeviceToken(kind, token) {
  localStorage.setItem(DEVICE_KEY + kind, token);
}

/** @param {ScreenDevice} kind */
export function forgetDeviceToken(kind) {
  localStorage.removeItem(DEVICE_KEY + kind);
}

/**
 * Takes a token given as `#token=T`, keeps it and strips it from the address, so that nobody photographs it.
 * @param {ScreenDevice} kind
 * @returns {string | null} the token this device has now
 */
export function adoptDeviceToken(kind) {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    keepDeviceToken(kind, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return deviceToken(kind);
}
