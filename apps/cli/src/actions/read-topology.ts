import { AppError } from "@vpclab/shared/errors/app-error";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { LabSnapshot } from "../lab/lab";
import type { Session } from "../session";
import type { ViewContext } from "../views/view";

/** The topology to work on; an empty one where nobody has made it yet. */
export async function readTopology(session: Session): Promise<LabSnapshot> {
  const lab = await session.lab();
  try {
    return await lab.read(session.topology);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "NOT_FOUND") throw error;
    const deployment = { state: "empty", revision: 0, generation: 0, objects: {}, publicAddresses: {} } as const;
    return { id: "", name: session.topology, revision: 0, document: EMPTY_TOPOLOGY, deployment };
  }
}

export const viewContext = ({ document, deployment, name }: LabSnapshot): ViewContext =>
  ({ doc: document, index: indexTopology(document), deployment, topologyName: name });
