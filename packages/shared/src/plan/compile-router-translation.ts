import type { NftChain } from "./kernel-state";
import { PRIORITY } from "./nft-priority";
import { cameInBy, COUNT, from, fromAddress, goesOutBy, MASQUERADE, rule, to, toAddress, toPort } from "./nft-rule";
import type { GatewayView, RouterView } from "./router-view";

/**
 * What an internet gateway does to addresses. With a pool: 1:1, public to private on the way in, private to public on the way
 * out. Without: everybody leaves with the router's transit address, which the host translates once more, and published
 * ports lead in.
 */
export function routerTranslation({ gateway }: RouterView): NftChain[] {
  if (!gateway) return [];
  return [
    { name: "inwards", type: "nat", hook: "prerouting", priority: PRIORITY.dstnat, policy: "accept", rules: inwards(gateway) },
    { name: "outwards", type: "nat", hook: "postrouting", priority: PRIORITY.srcnat, policy: "accept", rules: outwards(gateway) },
  ];
}

const inwards = ({ link, routerAddress, translations }: GatewayView) => [
  ...translations.publicAddresses.map(({ address, privateAddress, ownerId }) =>
    rule(ownerId, cameInBy(link), to(address), COUNT, toAddress(privateAddress))),
  ...translations.publishedPorts.map(({ protocol, hostPort, port, instanceId, address }) =>
    rule(instanceId, cameInBy(link), to(routerAddress), toPort(protocol, hostPort), COUNT, toAddress(address, port))),
];

const outwards = ({ object, link, translations }: GatewayView) => [
  ...translations.publicAddresses.map(({ address, privateAddress, ownerId }) =>
    rule(ownerId, goesOutBy(link), from(privateAddress), COUNT, fromAddress(address))),
  ...(translations.masquerade ? [rule(object.id, goesOutBy(link), COUNT, MASQUERADE)] : []),
];
