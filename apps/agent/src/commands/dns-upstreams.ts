import type { Policy } from "../policy/policy";
import { INTERNET_DNS_ADDRESS } from "../sandbox/sandbox-state";
import type { Mode } from "./options";

/** Name servers that VPCs' resolvers may ask by their internet gateways: the simulated internet's, or those that the host's policy names. */
export const dnsUpstreamsOf = ({ rules }: Policy, mode: Mode): readonly string[] => (mode === "host" ? rules.dnsUpstreams : [INTERNET_DNS_ADDRESS]);
