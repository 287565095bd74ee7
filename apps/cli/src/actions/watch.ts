import type { Topology } from "@vpclab/shared/topology/topology";
import type { Counters } from "@vpclab/shared/wire/live";
import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import { objectName } from "../lab/named-object";
import type { Output } from "../output/output";
import { bytesText, rateText, timeText } from "../output/quantity";
import type { Text } from "../output/text";

const READINGS_MAX = 1_000_000;

/** Counters of every instance, gateway and peering, each second: a table on a terminal, lines in a pipe. */
export const watch: Action = async (session, given) => {
  const count = given.number("count", 1, READINGS_MAX);
  const lab = await session.lab();
  const { document } = await lab.read(session.topology);
  let [readings, drawn] = [0, 0];
  for await (const { at, counters } of lab.counters(session.topology, session.signal)) {
    session.out.record({ at, counters });
    session.out.redraw(drawn);
    drawn = show(at, counters, document, session.out);
    if (++readings === count) break;
  }
  return EXIT.ok;
};

const TITLES = [
  { title: "OBJECT" }, { title: "RECEIVES/S", align: "right" }, { title: "SENDS/S", align: "right" },
  { title: "RECEIVED", align: "right" }, { title: "SENT", align: "right" }, { title: "PACKETS IN", align: "right" }, { title: "PACKETS OUT", align: "right" },
] as const;

/** Answers with the number of lines drawn. */
function show(at: number, counters: Counters, doc: Topology, out: Output): number {
  const rows = Object.entries(counters).map(([id, counter]) => ({ name: objectName(doc, id), ...counter })).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (rows.length === 0) out.note("Nothing to count: no instance, gateway or peering is in place.");
  if (!out.live) {
    for (const row of rows) {
      out.line(`${timeText(at)} ${row.name} rx=${row.rxBytes} tx=${row.txBytes} rx/s=${Math.round(row.rxBytesPerSecond)} tx/s=${Math.round(row.txBytesPerSecond)} rxPackets=${row.rxPackets} txPackets=${row.txPackets}`);
    }
    return rows.length;
  }
  out.line(`${timeText(at)}  Ctrl-C ends`);
  out.table(TITLES, rows.map((row): Text[] => [
    row.name, rateText(row.rxBytesPerSecond), rateText(row.txBytesPerSecond), bytesText(row.rxBytes), bytesText(row.txBytes), String(row.rxPackets), String(row.txPackets),
  ]));
  return rows.length + 2;
}
