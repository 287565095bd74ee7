import type { Action } from "../command-spec";

/** Where commands would work: this machine or a server, sandbox or the host's own network. */
export const mode: Action = async (session) => {
  const { place } = await session.lab();
  session.out.value({ ...place, topology: session.topology });
  const onOff = (value: boolean): string => (value ? "yes" : "no");
  session.out.table([{ title: "SETTING" }, { title: "VALUE" }], [
    ["place", place.label],
    ["mode", place.mode ?? "unknown"],
    ["host", place.hostNetns === null ? "the machine itself" : `namespace ${place.hostNetns}`],
    ["uplink", place.uplink ?? "unknown"],
    ["public addresses of its own", onOff(place.publicPool)],
    ["instances on this machine", onOff(place.sameMachine)],
    ["topology", session.topology],
  ]);
};
