/**
 * What a click on a link tells, in the order in which it matters: an address, the wrappers and whom they name,
 * then the parameters.
 *
 * @typedef {import("./client.js").Finding} Finding
 * @typedef {import("./client.js").Told} Told
 * @typedef {{key: string, values: string[]}} Item a key of `_locales` with what goes into it
 */

const CLASSES = ["recipient", "send", "visitor", "click", "campaign"];

/** @param {Finding} finding of a message in detail, else there is nothing to say @returns {Item[]} */
export function readTells({ tells = [], layers = [], vendor, vendor_name: vendorName }) {
  const names = new Map(layers.map((layer) => [layer.vendor, layer.vendor_name]));
  if (vendor && vendorName) names.set(vendor, vendorName);
  const addresses = tells.filter((told) => told.tells === "address").map((told) => told.detail);
  const byWrapper = tells.filter((told) => names.has(told.by));
  const byParameter = tells.filter((told) => !names.has(told.by));
  return [
    ...[...new Set(addresses)].map((address) => ({ key: "tells_address", values: [address] })),
    ...[...new Set(byWrapper.map(({ by }) => by))].map((by) => ({
      key: wrapperKey(byWrapper.filter((told) => told.by === by)),
      values: [names.get(by) ?? by],
    })),
    ...CLASSES.map((tell) => ({
      key: `tells_${tell}`,
      values: byParameter.filter((told) => told.tells === tell).map(({ by }) => by),
    })).filter(({ values }) => values.length),
  ];
}

/** @param {Told[]} tells of one wrapper */
function wrapperKey(tells) {
  const [who, mail] = ["recipient", "send"].map((tell) => tells.some((told) => told.tells === tell));
  if (who) return mail ? "tells_wrapper_both" : "tells_wrapper_recipient";
  return mail ? "tells_wrapper_send" : "tells_wrapper";
}
