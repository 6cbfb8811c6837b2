"""The kinds an app may consist of, by API group. The rollout identity's role grants exactly these."""

# group -> kind -> plural resource name. Secrets are missing on purpose: a definition names them and never holds them.
KINDS: dict[str, dict[str, str]] = {
    "": {
        "ConfigMap": "configmaps",
        "PersistentVolumeClaim": "persistentvolumeclaims",
        "Service": "services",
        "ServiceAccount": "serviceaccounts",
    },
    "apps": {"DaemonSet": "daemonsets", "Deployment": "deployments", "StatefulSet": "statefulsets"},
    "autoscaling": {"HorizontalPodAutoscaler": "horizontalpodautoscalers"},
    "batch": {"CronJob": "cronjobs", "Job": "jobs"},
    "gateway.networking.k8s.io": {"HTTPRoute": "httproutes"},
    "networking.k8s.io": {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"},
    "policy": {"PodDisruptionBudget": "poddisruptionbudgets"},
}
