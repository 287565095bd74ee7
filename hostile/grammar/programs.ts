import { ADDRESS, DNS_NAME, MARK, NAMESPACE, NUMBER, OBJECT, PREFIX, UUID, whole } from "./words";

/** Argument vectors of the few programs that the agent starts, and what they are given to read. */
const NODE = "(?:/usr/(?:local/)?bin/node(?:js)?|/node)";
const WEB_SERVER = [
  NODE, "--max-old-space-size=48", "--input-type=module", "-", "vpclab-workload", "kind=web-server", `port=${NUMBER}`, `topology=${UUID}`, `object=${OBJECT}`, `label=${NAMESPACE}`,
];
const RESOLVER_MARK = `--local=/[0-9a-f]{32}\\.${OBJECT}\\.${UUID}\\.vpclab-resolver\\.invalid/`;
const RESOLVER = ["(?:/usr/sbin/)?dnsmasq", "--keep-in-foreground", "--pid-file", "--user=", "--group=", "--conf-file=-", RESOLVER_MARK];

const PROGRAMS = [WEB_SERVER, RESOLVER].map((vector) => vector.map(whole));

/** Whether the agent may start this in an instance; the thread that does it adds nothing that a drawing has a word in. */
export const isProgram = (argv: readonly string[]): boolean =>
  PROGRAMS.some((vector) => vector.length === argv.length && vector.every((word, i) => word.test(argv[i] ?? "")));

const RESOLVER_LINES = [
  "no-resolv", "no-hosts", "no-poll", "bind-interfaces", "log-facility=/dev/null", `(?:cache-size|dns-forward-max|edns-packet-max)=${NUMBER}`, "domain-needed", "bogus-priv",
  `listen-address=${ADDRESS}`, `local=/(?:${DNS_NAME}|#)/`, `rev-server=${PREFIX}`, `server=${ADDRESS}`, `host-record=(?:${DNS_NAME},){1,2}${ADDRESS}`,
].map(whole);
const RESOLV_CONF_LINES = [`# ${MARK}`, "# Written by vpclab, which puts it back when it is changed\\.", `nameserver ${ADDRESS}`, `search ${DNS_NAME}(?: ${DNS_NAME})*`].map(whole);

function lineFault(text: string, lines: readonly RegExp[]): string | null {
  if (!text.endsWith("\n")) return "a text without a line end";
  const bad = text.slice(0, -1).split("\n").find((line) => !lines.some((pattern) => pattern.test(line)));
  return bad === undefined ? null : bad.slice(0, 200);
}

/** Null, or the first line of dnsmasq's configuration that is outside the grammar. */
export const resolverFault = (text: string): string | null => lineFault(text, RESOLVER_LINES);
/** Null, or the first line of /etc/netns/<namespace>/resolv.conf that is outside the grammar. */
export const resolvConfFault = (text: string): string | null => lineFault(text, RESOLV_CONF_LINES);
