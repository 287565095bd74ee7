import type { Job } from "@vpclab/shared/wire/job";
import type { JobRow } from "../store/job-store";

/** A user as jobs name him. */
export const actorOf = ({ id, name, role }: JobRow["actor"]): Job["actor"] => ({ userId: id, name, role });
