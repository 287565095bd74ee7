import { isIpLine } from "./ip-line";
import { nftFault } from "./nft-script";
import { resolvConfFault, resolverFault } from "./programs";
import { HOST, LINK, NAMESPACE, NUMBER, OBJECT, UUID, whole } from "./words";

const NETNS = `(?:${NAMESPACE}|${HOST})`;
const SYSCTL = `net\\.(?:ipv[46]|bridge)\\.[a-z0-9_.-]+|net/ipv4/conf/${LINK}/forwarding`;
const PLAIN = [
  `ip netns add ${NAMESPACE}`,
  `ip netns pids (${NAMESPACE}) \\| xargs -r kill -9; ip netns delete \\1`,
  `ip netns exec ${NETNS} sysctl (?:-e )?-w (?:${SYSCTL})=(?:${NUMBER}|'${NUMBER}\\t? ?${NUMBER}')`,
  `ip netns exec ${NAMESPACE} kill -9 ${NUMBER}`,
  `rm /etc/netns/(${NAMESPACE})/resolv\\.conf && rmdir --ignore-fail-on-non-empty /etc/netns/\\1`,
  `ip netns exec ${NAMESPACE} setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --no-new-privs node web-server\\.mjs --port ${NUMBER} --label ${NAMESPACE}`,
].map(whole);
const IP = new RegExp(`^ip -n ${NETNS} (.*)$`, "s");
const DNSMASQ = `ip netns exec ${NAMESPACE} setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --no-new-privs ` +
  `dnsmasq --pid-file --user= --group= --conf-file=- --local=/[0-9a-f]{32}\\.${OBJECT}\\.${UUID}\\.vpclab-resolver\\.invalid/`;
/** Commands that are given a text to read, and the grammar of that text. */
const WITH_TEXT: readonly { readonly command: RegExp; readonly fault: (text: string) => string | null }[] = [
  { command: whole(`ip netns exec ${NETNS} nft -f -`), fault: nftFault },
  { command: whole(`mkdir -p /etc/netns/(${NAMESPACE}) && cat > /etc/netns/\\1/resolv\\.conf`), fault: resolvConfFault },
  { command: whole(DNSMASQ), fault: resolverFault },
];
const HERE = " <<'EOF'\n";
const END = "EOF";

/** Null, or what of a command is outside the closed grammar of everything that this engine does to a kernel. */
export function commandFault(command: string): string | null {
  const line = IP.exec(command)?.[1];
  if (line !== undefined) return isIpLine(line) ? null : command.slice(0, 200);
  const here = command.indexOf(HERE);
  if (here < 0) return PLAIN.some((pattern) => pattern.test(command)) ? null : command.slice(0, 200);
  const [head, text] = [command.slice(0, here), command.slice(here + HERE.length)];
  const known = WITH_TEXT.find((one) => one.command.test(head));
  if (!known || !text.endsWith(END)) return command.slice(0, 200);
  return known.fault(text.slice(0, -END.length));
}
