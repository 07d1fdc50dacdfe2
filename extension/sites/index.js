/**
 * The webmails that we know. Each file exports `aliasOf(url)`: the alias of the message that a frame with
 * this address shows, or null. To add a webmail, add its file and a line here.
 */

import { aliasOf as roundcube } from "./roundcube.js";

const SITES = [roundcube];
const MOST = 20;

/**
 * @param {string[]} urls the addresses of a tab's frames
 * @returns {string[]} distinct aliases in frame order, none when no known webmail shows a message
 */
export function aliasesOfFrames(urls) {
  const aliases = urls.flatMap((url) =>
    SITES.map((aliasOf) => aliasOf(url)).filter((alias) => alias !== null),
  );
  return [...new Set(aliases)].slice(0, MOST);
}
