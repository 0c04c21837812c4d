from sections import directory, watch, section
from servers import *
import time, json
def alerting(*managers, **settings):
    uri=" ".join(m.uri for m in managers)
    return section("alertmanager","",{"uri":uri,"interval":"1s",**settings}).replace("[alertmanager ]","[alertmanager]")
def test_smoke(slapd_factory, started, daemon_factory):
    hook=Hook()
    am=started(Alertmanager(hook)).start()
    slapd=slapd_factory()
    d=daemon_factory(directory(slapd.uri)+watch(CUSTOM)+alerting(am,labels="env=prod",link="http://x:1/")).start()
    d.wait_verdict("custom","match")
    ren=slapd.rename(CUSTOM,"cn=else\\, where")
    print(json.dumps(am.wait_firing(watch="custom"),indent=1))
    time.sleep(6)
    am.wait_firing(watch="custom")
    slapd.rename(ren,"cn=custom")
    am.wait_resolved(watch="custom")
    time.sleep(3)
    print(json.dumps(hook.notifications,indent=1))
    print(am.amtool("alert","query"))
    print(d.stderr())
    print([k+" %s"%v for k,v in d.metrics().items() if 'outlet' in k])
