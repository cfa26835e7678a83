// A browser keeps a page that answers a form together with what was sent, on its disk too, to be able to send it again.
// Here that is the code of a receipt, on a device that may be taken away. From now on this page is one that was only
// looked at: whoever loads it anew is asked for the code.

history.replaceState(history.state, "");
