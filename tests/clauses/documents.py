"""Clauses as refusals write them."""


def qingdao(number: str) -> str:
    """A clause of Qingdao's notice."""
    return f"《关于启用青岛市市政公用工程专家评审管理服务平台规范专项施工方案专家论证工作的通知》{number}"


def nanning(number: str) -> str:
    """A clause of Nanning's notice."""
    return f"《关于启用南宁市建设工程质量安全专家库信息化管理系统暨加强专项施工方案论证评审管理工作的通知》{number}"


def of(city: str, number: str) -> str:
    """A clause of the city's notice."""
    return {"qingdao": qingdao, "nanning": nanning}[city](number)


def circular_31(number: str) -> str:
    """A clause of 建办质〔2018〕31号."""
    return f"《住房城乡建设部办公厅关于实施〈危险性较大的分部分项工程安全管理规定〉有关问题的通知》{number}"


def order_37(number: str) -> str:
    """A clause of Order 37."""
    return f"《危险性较大的分部分项工程安全管理规定》{number}"
