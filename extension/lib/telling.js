/**
 * What a click on a link tells, in the order in which it matters: an address, who clicked, from which mail.
 *
 * @typedef {import("./client.js").Finding} Finding
 * @typedef {{key: string, values: string[]}} Item a key of `_locales` with what goes into it
 */

const CLASSES = ["recipient", "send", "visitor", "click", "campaign"];

/** @param {Finding} finding of a message in detail, else there is nothing to say @returns {Item[]} */
export function readTells({ tells = [], layers = [], vendor, vendor_name: vendorName }) {
  const names = new Map(layers.map((layer) => [layer.vendor, layer.vendor_name]));
  if (vendor && vendorName) names.set(vendor, vendorName);
  const addresses = tells.filter((told) => told.tells === "address").map((told) => told.detail);
  const wrappers = tells.filter((told) => told.tells === "click" && names.has(told.by));
  return [
    ...[...new Set(addresses)].map((address) => ({ key: "tells_address", values: [address] })),
    ...wrappers.map(({ by, detail }) => ({
      key: detail ? "tells_wrapper" : "tells_wrapper_alone",
      values: [names.get(by) ?? by, detail],
    })),
    ...CLASSES.map((tells_) => ({
      key: `tells_${tells_}`,
      values: tells.filter((told) => told.tells === tells_ && !wrappers.includes(told)).map(({ by }) => by),
    })).filter(({ values }) => values.length),
  ];
}
