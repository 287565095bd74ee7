import type { Deployment } from "@vpclab/shared/wire/live";
import type { Held } from "./held";
import { deploymentOf, documentOf, keepFailures, stateOfDifference } from "./held";
import { objectStatuses } from "./object-status";
import type { Site } from "./site";
import { survey } from "./survey";

/** A topology as the kernel shows it now. What failed and still is not there keeps its reason. Writes nothing. */
export async function look(held: Held, site: Site, publicAddresses: Deployment["publicAddresses"]): Promise<Deployment> {
  const document = documentOf(held);
  const found = { ...(await survey(held.job, site, document)), failures: [] };
  const objects = objectStatuses(document, found, stateOfDifference(held));
  return deploymentOf(held, keepFailures(held.deployment.objects, objects), publicAddresses);
}
