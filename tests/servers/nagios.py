"""A private Nagios that runs the services of a site every second, on top of Debian's templates."""

import getpass
import grp
import os
import re
import subprocess

from .process import Process

CONFIG = """cfg_file=/etc/nagios4/objects/timeperiods.cfg
cfg_file=/etc/nagios4/objects/templates.cfg
cfg_file={folder}/dndriftd.cfg
cfg_file={folder}/site.cfg
resource_file={folder}/resource.cfg
log_file={folder}/nagios.log
object_cache_file={folder}/objects.cache
status_file={folder}/status.dat
lock_file={folder}/nagios.pid
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}
command_file={folder}/nagios.cmd
query_socket={folder}/nagios.qh
nagios_user={user}
nagios_group={group}
status_update_interval=1
check_result_reaper_frequency=1
interval_length=1
check_external_commands=0
enable_notifications=0
event_broker_options=0
use_syslog=0
illegal_macro_output_chars=`~$&|'"<>
"""
HOST = """define command {
    command_name  there
    command_line  /bin/true
}
define contact {
    contact_name                   nobody
    host_notifications_enabled     0
    service_notifications_enabled  0
    host_notification_period       24x7
    service_notification_period    24x7
    host_notification_commands     there
    service_notification_commands  there
}
define contactgroup {
    contactgroup_name  admins
    members            nobody
}
define host {
    use                 generic-host
    host_name           mon
    address             127.0.0.1
    contact_groups      admins
    max_check_attempts  1
    check_command       there
}
"""
SERVICE = """define service {{
    use                  dndrift-watch
    host_name            mon
    service_description  {name}
    check_command        {command}
}}
"""


class Nagios(Process):
    """objects: what conf/ has for Nagios; services: {name: check_command}; plugins: $USER1$."""

    name = "nagios"

    def __init__(self, objects, services, plugins="/usr/lib/nagios/plugins", folder=None):
        super().__init__(folder)
        config = CONFIG.format(folder=self.folder, user=getpass.getuser(), group=grp.getgrgid(os.getgid()).gr_name)
        files = {"nagios.cfg": config, "dndriftd.cfg": objects,
                 "resource.cfg": f"$USER1$={plugins}\n",
                 "site.cfg": HOST + "".join(SERVICE.format(name=name, command=command)
                                            for name, command in services.items())}
        for name, text in files.items():
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)

    def verify(self):
        """What `nagios4 -v` says of the configuration: (exit status, text)."""
        done = subprocess.run(["nagios4", "-v", self.path("nagios.cfg")], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def command(self):
        return ["nagios4", self.path("nagios.cfg")]

    def is_up(self):
        return os.path.exists(self.path("status.dat"))

    def states(self):
        """{service: (state, first line)} of those that were checked."""
        with open(self.path("status.dat"), encoding="utf-8") as file:
            services = re.findall(r"servicestatus \{(.*?)\n\t\}", file.read(), re.DOTALL)
        fields = [dict(re.findall(r"^\t(\w+)=(.*)$", service, re.MULTILINE)) for service in services]
        return {field["service_description"]: (int(field["current_state"]), field["plugin_output"])
                for field in fields if field["has_been_checked"] == "1"}
