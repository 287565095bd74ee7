import type { SeenRule } from "@vpclab/shared/plan/kernel-state";
import { AF_INET } from "./addresses";
import type { Listing, Message } from "./message";
import { MessageWriter, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, eachAttribute, textAt } from "./message";
import { KernelRefusal, type NetlinkSocket } from "./netlink-socket";

// linux/fib_rules.h
const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const RTM_GETRULE = 34;
const RULE_HEADER_BYTES = 12;
const FRA_IIFNAME = 3;
const FRA_PRIORITY = 6;
const FRA_SUPPRESS_PREFIXLEN = 14;
const FRA_TABLE = 15;
const FRA_PAD = 18;
const FRA_PROTOCOL = 21;
const FR_ACT_TO_TBL = 1;
const FIB_RULE_PERMANENT = 1;
/** Its interface is not there at the moment; the rule takes hold again when one of the name appears. */
const FIB_RULE_IIF_DETACHED = 8;
const RTPROT_KERNEL = 2;
const RTPROT_BOOT = 3;
const ENOENT = 2;
const NO_PREFIX_SUPPRESSED = 0xffffffff;

/** `from all iif <link> lookup <table>`. Throws EEXIST. */
export function addRule(socket: NetlinkSocket, { priority, iif, table }: SeenRule): void {
  const number = Number(table);
  socket.order(new MessageWriter(RTM_NEWRULE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL)
    .u8(AF_INET).u8(0).u8(0).u8(0).u8(number < 256 ? number : 0).u8(0).u8(0).u8(FR_ACT_TO_TBL).u32(0)
    .number(FRA_PRIORITY, priority).number(FRA_TABLE, number).text(FRA_IIFNAME, iif).data(FRA_PROTOCOL, Uint8Array.of(RTPROT_BOOT)), `rule ${priority}`);
}

/**
 * Deletes one rule that looks as the step says, by all that it consists of: one of another shape is known by little, and
 * must not be taken for ours of the same priority. Throws ENOENT when there is none.
 */
export function deleteRule(socket: NetlinkSocket, { priority, iif, table }: SeenRule): void {
  const found = socket.list(WHOLE_RULES).find(({ seen }) => seen.priority === priority && seen.iif === iif && (table === "" || seen.table === table));
  if (!found) throw new KernelRefusal(ENOENT, `rule ${priority}`);
  const request = new MessageWriter(RTM_DELRULE, NLM_F_ACK);
  for (const byte of found.header) request.u8(byte);
  for (const { type, data } of found.attributes) request.data(type, data);
  socket.order(request, `rule ${priority}`);
}

/** Rules that somebody configured. One of another shape than ours (a source, a mark, an action) comes with an empty `iif`. */
export const RULES: Listing<SeenRule> = { about: "rules", request: ruleDump(), read: readRule };

interface WholeRule {
  readonly seen: SeenRule;
  readonly header: Buffer;
  readonly attributes: readonly { readonly type: number; readonly data: Buffer }[];
}

const WHOLE_RULES: Listing<WholeRule> = { about: "rules", request: ruleDump(), read: readWholeRule };

function readWholeRule(message: Message): WholeRule | null {
  const seen = readRule(message);
  if (seen === null) return null;
  const { bytes, start, end } = message;
  const header = Buffer.from(bytes.subarray(start, start + RULE_HEADER_BYTES));
  // Flags that the kernel sets by itself are refused in an order.
  header.writeUInt32LE(header.readUInt32LE(8) & ~(FIB_RULE_IIF_DETACHED | FIB_RULE_PERMANENT), 8);
  const attributes: { type: number; data: Buffer }[] = [];
  eachAttribute(bytes, start + RULE_HEADER_BYTES, end, (type, from, to) => {
    if (type !== FRA_PAD) attributes.push({ type, data: Buffer.from(bytes.subarray(from, to)) });
  });
  return { seen, header, attributes };
}

function ruleDump(): MessageWriter {
  return new MessageWriter(RTM_GETRULE, NLM_F_DUMP).u8(AF_INET).u8(0).u8(0).u8(0).u32(0).u32(0);
}

function readRule({ bytes, start, end }: Message): SeenRule | null {
  const [destinationLength, sourceLength, service] = [bytes.readUInt8(start + 1), bytes.readUInt8(start + 2), bytes.readUInt8(start + 3)];
  const action = bytes.readUInt8(start + 7);
  const flags = bytes.readUInt32LE(start + 8);
  let table = bytes.readUInt8(start + 4), iif = "", priority = 0, protocol = 0;
  let ours = destinationLength === 0 && sourceLength === 0 && service === 0 && action === FR_ACT_TO_TBL && (flags & ~FIB_RULE_IIF_DETACHED) === 0;
  eachAttribute(bytes, start + RULE_HEADER_BYTES, end, (type, from, to) => {
    if (type === FRA_TABLE) table = bytes.readUInt32LE(from);
    else if (type === FRA_IIFNAME) iif = textAt(bytes, from, to);
    else if (type === FRA_PRIORITY) priority = bytes.readUInt32LE(from);
    else if (type === FRA_PROTOCOL) protocol = bytes.readUInt8(from);
    else if (type === FRA_SUPPRESS_PREFIXLEN) ours &&= bytes.readUInt32LE(from) === NO_PREFIX_SUPPRESSED;
    else if (type !== FRA_PAD) ours = false;
  });
  if (protocol === RTPROT_KERNEL) return null;
  return { priority, iif: ours ? iif : "", table: action === FR_ACT_TO_TBL ? String(table) : "" };
}
