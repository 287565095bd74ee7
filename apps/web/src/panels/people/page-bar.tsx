"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "../../ui/logo";
import { ThemeToggle } from "../../ui/theme-toggle";
import { AccountMenu } from "./account-menu";

/** The bar of every page but the editor. */
export const PageBar = ({ children }: { readonly children?: ReactNode }) => (
  <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
    <Link href="/" aria-label="All topologies" className="flex items-center gap-2 rounded-box"><Logo /><span className="font-semibold">vpclab</span></Link>
    {children}
    <span className="ml-auto flex items-center gap-1"><ThemeToggle /><AccountMenu /></span>
  </header>
);
