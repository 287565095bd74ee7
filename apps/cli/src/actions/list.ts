import type { Action } from "../command-spec";
import { stateText } from "../output/state-text";

export const list: Action = async (session) => {
  const topologies = await (await session.lab()).list();
  session.out.value(topologies);
  if (topologies.length === 0) session.out.line("No topologies yet.");
  else {
    session.out.table(
      [{ title: "TOPOLOGY" }, { title: "STATE" }, { title: "REVISION", align: "right" }, { title: "VPCS", align: "right" }, { title: "SUBNETS", align: "right" }, { title: "INSTANCES", align: "right" }],
      topologies.map((topology) => [
        topology.name, stateText(topology.state), String(topology.revision), String(topology.vpcs), String(topology.subnets), String(topology.instances),
      ]),
    );
  }
};
