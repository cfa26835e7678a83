// A browser keeps a page that answers a form together with what was sent, on its disk too, to be able to send it again.
// Here that is the code of a receipt, or what only the moderators shall read, on a device that may be taken away. From now
// on this page is one that was only looked at: whoever loads it anew is shown the empty form.

history.replaceState(history.state, "");
