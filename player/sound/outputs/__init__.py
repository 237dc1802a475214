"""Where sound goes: a device, a file, or nowhere, all at the same pace and with the same words."""
