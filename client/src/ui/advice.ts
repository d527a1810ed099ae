// Owns which browser this is, as far as advice needs it: how to allow a camera, and whether a visit can work
// here at all.

/** Key of the advice for this browser in room.ftl. */
export function adviceKey(agent: string): string {
  if (isInsideAnApp(agent)) return "advice-app";
  if (/iPhone|iPad|iPod/.test(agent)) return "advice-ios";
  if (/Firefox\//.test(agent)) return "advice-firefox";
  if (/Android/.test(agent)) return "advice-android";
  if (/Edg\//.test(agent)) return "advice-edge";
  if (/Chrome\//.test(agent)) return "advice-chrome";
  if (/Safari\//.test(agent)) return "advice-safari";
  return "advice-other";
}

/**
 * Mail and chat apps open links inside themselves, where cameras mostly fail. On an iPhone few of them say
 * their name, but all leave out the one that browsers say.
 */
export function isInsideAnApp(agent: string): boolean {
  return INSIDE.test(agent) || (/iPhone|iPad|iPod/.test(agent) && !/Safari\//.test(agent));
}

export function whatIsMissing(
  agent: string,
  there: { secure: boolean; peer: boolean; devices: boolean; socket: boolean; sealing: boolean },
): true | "old" | "mail_app" | "insecure" {
  if (!there.secure) return "insecure";
  if (there.peer && there.devices && there.socket && there.sealing) return true;
  return isInsideAnApp(agent) ? "mail_app" : "old";
}

const INSIDE =
  /FB(AN|AV|_IAB)|Instagram|Line\/|LinkedInApp|MicroMessenger|YahooMobile|GSA\/|Outlook|Snapchat|; wv\)/;
