// The pages' only script. Everything here is a convenience: with scripts off, links and forms do the same.
import { startCopying } from "./copy.js";
import { startKeyboard } from "./keyboard.js";
import { startList } from "./list.js";
import { startLive } from "./live.js";
import { startWaiting } from "./onboarding.js";
import { startTheme } from "./theme.js";

startTheme();
startCopying();
startList();
startLive();
startWaiting();
startKeyboard();
