import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { ServerProvider } from "../trpc/provider";
import { PageFrame } from "../ui/page-frame";
import { THEME_COOKIE, themeOf } from "../ui/theme-cookie";
import "./globals.css";

export const metadata: Metadata = {
  title: "vpclab",
  description: "Draw AWS VPCs, apply them to a Linux host, watch real packets.",
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} data-theme={theme === "system" ? undefined : theme}>
      <body>
        <ServerProvider>
          <PageFrame>{children}</PageFrame>
        </ServerProvider>
      </body>
    </html>
  );
}
