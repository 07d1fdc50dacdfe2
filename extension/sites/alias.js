/**
 * The spelling of aliases, the same as the program's.
 */

/**
 * An alias of a message in a webmail: `web:HOST/USER/MAILBOX/ID`. The page does not say whose account it is: "-".
 * @param {string} host @param {string} mailbox @param {string} id
 */
export function webAlias(host, mailbox, id) {
  return `web:${[host, "-", mailbox, id].map(escapeComponent).join("/")}`;
}

/** @param {string} text */
function escapeComponent(text) {
  return text.replaceAll("%", "%25").replaceAll("/", "%2F");
}
