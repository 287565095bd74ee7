import { join } from "node:path";
import type { NextConfig } from "next";

const repository = join(import.meta.dirname, "../..");

/** Next renders the pages only; the custom server answers everything else and sets the security headers. */
const config: NextConfig = {
  transpilePackages: ["@vpclab/shared"],
  turbopack: { root: repository },
  outputFileTracingRoot: repository,
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Types are a level of `npm test` (tests included); a build reads no tests, so it must not depend on them either.
  typescript: { ignoreBuildErrors: true },
};

export default config;
