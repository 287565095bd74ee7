"use client";

import { createTRPCContext } from "@trpc/tanstack-react-query";
import type { AppRouter } from "../server/routers/app-router";

/** `useTRPC()` makes query, mutation and subscription options; `useTRPCClient()` is the plain client for code outside of queries. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
