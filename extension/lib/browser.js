/**
 * The one place that knows in which program the extension runs.
 */

const here = /** @type {any} */ (globalThis);

/** The WebExtension interface: `browser` in Firefox and Thunderbird, `chrome` in Chromium. */
export const api = here.browser ?? here.chrome;

/** True in Thunderbird, where mail is shown by the program itself and no web page is looked at. */
export const isMailClient = Boolean(api?.messageDisplay);

/** Where the program may be asked: only this computer. */
export const PROGRAM_ORIGINS = ["http://127.0.0.1/*", "http://localhost/*"];

/** A name that exists nowhere; only the proxy answers for it. */
export const CHECK_ORIGINS = ["http://check.bothways.invalid/*", "https://check.bothways.invalid/*"];

/** @returns {string[]} what the manifest asks for at installation in this program */
export function requiredOrigins() {
  return isMailClient ? PROGRAM_ORIGINS : [...PROGRAM_ORIGINS, ...CHECK_ORIGINS];
}

/**
 * The name under which the program lists this client.
 * @returns {Promise<string>}
 */
export async function clientName() {
  if (api.runtime.getBrowserInfo) {
    return (await api.runtime.getBrowserInfo()).name;
  }
  /** @type {{brand: string}[]} */
  const brands = here.navigator.userAgentData?.brands ?? [];
  return brands.find(({ brand }) => brand !== "Chromium" && !/not.*brand/i.test(brand))?.brand ?? "Chromium";
}

/**
 * The tab that the popup speaks about: `?tab=ID` in its address, else the active one.
 * @param {string} search the popup's `location.search`
 * @returns {Promise<{id: number, url?: string} | null>}
 */
export async function tabInQuestion(search) {
  const asked = new URLSearchParams(search).get("tab") ?? "";
  if (/^\d{1,15}$/.test(asked)) {
    return api.tabs.get(Number(asked)).catch(() => null);
  }
  const [active] = await api.tabs.query({ active: true, currentWindow: true });
  return active ?? null;
}
