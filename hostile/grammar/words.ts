/**
 * The words of which everything that reaches the kernel is made, written down by hand beside the code that makes it: from what a
 * topology may be called, not from the renderers. Sources of regular expressions, to be joined.
 */
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
export const ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`;
export const PREFIX_LENGTH = "(?:3[0-2]|[12]?[0-9])";
export const PREFIX = `${ADDRESS}/${PREFIX_LENGTH}`;
export const NUMBER = "(?:0|[1-9][0-9]{0,9})";
export const MAC = "02(?::[0-9a-f]{2}){5}";
const NAME = "[a-z][a-z0-9-]{0,29}";
/** A router, or VPC, subnet and instance joined by dashes; a topology's name before it. The sandbox's own are nobody's. */
export const NAMESPACE = `(?!vpclab\\.)(?:${NAME}\\.)?${NAME}(?:-${NAME}){0,2}`;
export const HOST = "vpclab\\.host";
export const LINK = "(?:(?:br|vi|nat|igw|igh|vpr|vph|pcx)-[a-z2-7]{10}|eth0|lo|uplink0)";
export const OBJECT = "(?:vpc|subnet|i|igw|nat|eipalloc|rtb|sg|sgr|acl|pcx)-[0-9a-f]{8,17}";
export const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
export const AGENT = "[A-Za-z0-9-]{1,64}";
export const MARK = `vpclab:${AGENT}:${UUID}:(?:${OBJECT}|host|unmarked):[a-z0-9.-]{0,130}`;
/** Of chains, sets, counters and comments in a rule set: never an option, never a quote, never a space. */
export const WORD = "(?=.{1,128}$)[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*";
/** `<instance>.<subnet>.<vpc>.internal`, and what is shorter. */
export const DNS_NAME = `(?:${NAME}\\.){0,3}internal`;

export const whole = (source: string): RegExp => new RegExp(`^(?:${source})$`);
