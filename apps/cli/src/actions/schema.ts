import { topologyJsonSchema } from "@vpclab/shared/file/topology-file-schema";
import type { Action } from "../command-spec";
import { jsonText } from "@vpclab/shared/text/topology-text";

/** JSON with and without `--json`: it is what programs read. */
export const schema: Action = async ({ out }) => {
  out.raw(jsonText(topologyJsonSchema()));
};
