import { upgradeTopology } from "@vpclab/shared/topology/upgrade";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Prisma } from "../../generated/client";
import { fromJson } from "./json";

/**
 * A stored document as today's schema has it. Revisions stay as they were written; an older one is upgraded whenever it is
 * read, to the same objects with the same ids each time, until the next save writes it in today's form.
 */
export const readDocument = (stored: Prisma.JsonValue): Topology => upgradeTopology(fromJson(stored)) as Topology;
