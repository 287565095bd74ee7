import type { NftChain, NftRule } from "./kernel-state";
import { PRIORITY } from "./nft-priority";
import { ACCEPT, cameInBy, COUNT, DROP, from, fromPort, goesOutBy, rule, to, toPort, UNTRACKED } from "./nft-rule";
import type { RouterView } from "./router-view";

const PROTOCOLS = ["udp", "tcp"] as const;
const PORT = 53;

/** Who may ask a VPC's resolver: its own subnets, whatever their ACLs say (AWS). No peer, nobody from the internet, not the host. */
export function questions({ vpc, subnets, resolver }: RouterView): NftRule[] {
  if (!resolver) return [];
  const bridges = subnets.map(({ link }) => link);
  return PROTOCOLS.map((protocol) =>
    rule("resolver", cameInBy(...bridges), from(vpc.cidr), to(...resolver.addresses), toPort(protocol, PORT), COUNT, ACCEPT));
}

/**
 * What the resolver itself sends. Its answers are as stateless as the questions, which the guard lets by untracked. It asks
 * others by the internet gateway, those named and nobody else, whatever becomes of the routes.
 */
export function resolverChains({ subnets, gateway, resolver }: RouterView): NftChain[] {
  if (!resolver) return [];
  const bridges = subnets.map(({ link }) => link);
  const upstreams = gateway ? resolver.upstreams : [];
  const asks = gateway && upstreams.length > 0
    ? PROTOCOLS.map((protocol) => rule("resolver", goesOutBy(gateway.link), to(...upstreams), toPort(protocol, PORT), COUNT, ACCEPT)) : [];
  return [
    {
      name: "answers", type: "filter", hook: "output", priority: PRIORITY.raw, policy: "accept",
      rules: PROTOCOLS.map((protocol) => rule("resolver", goesOutBy(...bridges), fromPort(protocol, PORT), UNTRACKED)),
    },
    {
      name: "outgoing", type: "filter", hook: "output", priority: PRIORITY.filter, policy: "accept",
      rules: [
        // Who asks from port 53 is answered there. A router may ask its own resolver.
        rule("answers", goesOutBy("lo", ...bridges), ACCEPT),
        ...asks,
        ...PROTOCOLS.map((protocol) => rule("nobody-else", toPort(protocol, PORT), COUNT, DROP)),
      ],
    },
  ];
}
